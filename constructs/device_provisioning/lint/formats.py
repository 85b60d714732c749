"""Writing what lint found: for people, for programs, for code scanning, for GitHub's annotations."""

import sys
from collections import Counter
from collections.abc import Callable, Mapping

from ..aws_iot import Severity
from ..aws_iot.rules.registry import page_of
from ..console.text import printable
from .files import LintResult
from .report import report_of
from .sarif import write_sarif

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def write(result: LintResult, output_format: str) -> None:
    """Write findings to standard output, and what could not be read to standard error.

    Args:
        result: What lint found.
        output_format: ``text``, ``json``, ``sarif`` or ``github``; ``none`` for no findings.
    """
    if output_format != "none":
        _WRITERS[output_format](result)
    for name, reason in [*result.unfixed, *result.unreadable]:
        sys.stderr.write(f"{printable(name)}: {printable(reason)}\n")


def _write_text(result: LintResult) -> None:
    from rich.console import Console
    from rich.style import Style
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for entry in result.findings:
        finding = entry.finding
        console.print(
            Text.assemble(
                f"{printable(entry.file)}:{entry.line}:{entry.position.column}: ",
                (
                    f"{finding.severity} {finding.code}",
                    Style.parse(_COLOURS[finding.severity]).update_link(page_of(finding.code)),
                ),
                f" {printable(finding.path or '/')}: {printable(finding.message)}\n",
                (f"    {printable(finding.hint)}", "dim"),
            )
        )
    for entry in result.fixed:
        place = f"{printable(entry.file)}:{entry.line}:{entry.position.column}"
        sys.stderr.write(f"{place}: fixed {entry.finding.code}: {printable(entry.finding.message)}\n")
    sys.stderr.write(f"{_summary(result)}\n")


def _summary(result: LintResult) -> str:
    counts = Counter(entry.finding.severity for entry in result.findings)
    named = [
        _counted(counts[Severity.ERROR], "error"),
        _counted(counts[Severity.WARNING], "warning"),
        f"{counts[Severity.INFO]} not checked",
    ]
    summary = f"{', '.join(named)} in {_counted(result.files, 'file')}"
    if result.fixed:
        summary += f"; {len(result.fixed)} fixed"
    summary += _fixable(result)
    if result.gone:
        summary += f"; {_counted(result.gone, 'finding')} of the baseline gone: write it again"
    return summary


def _fixable(result: LintResult) -> str:
    """How many findings can be fixed, and how."""
    fixes = [entry.finding.fix for entry in result.findings if entry.finding.fix]
    safe = sum(fix.is_safe for fix in fixes)
    unsafe = len(fixes) - safe
    said = [f"{safe} fixable with --fix"] if safe else []
    if unsafe:
        said.append(f"{unsafe}{' more' if safe else ''} fixable with --fix --unsafe-fixes")
    return "".join(f"; {each}" for each in said)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _write_json(result: LintResult) -> None:
    print(report_of(result).model_dump_json(indent=2))


def _write_github(result: LintResult) -> None:
    # https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
    commands = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
    for entry in result.findings:
        finding = entry.finding
        place = (
            f"file={_property(entry.file)},line={entry.line},col={entry.position.column},title={finding.code}"
        )
        text = f"{finding.path or '/'}: {finding.message}: {finding.hint} ({page_of(finding.code)})"
        print(f"::{commands[finding.severity]} {place}::{_escaped(text)}")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


_WRITERS: Mapping[str, Callable[[LintResult], None]] = {
    "text": _write_text,
    "json": _write_json,
    "sarif": write_sarif,
    "github": _write_github,
}
