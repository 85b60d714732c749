"""Writing what linting found: for people, for programs, for code scanning, for GitHub's annotations."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from ..aws_iot import Severity
from .linting import FileFinding, LintResult

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def write(result: LintResult, output_format: str) -> None:
    """Write findings to standard output, and what could not be read to standard error.

    Args:
        result: What linting found.
        output_format: ``text``, ``json``, ``sarif`` or ``github``.
    """
    _WRITERS[output_format](result)
    for name, reason in result.unreadable:
        sys.stderr.write(f"{printable(name)}: {printable(reason)}\n")


def _write_text(result: LintResult) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for entry in result.findings:
        finding = entry.finding
        console.print(
            Text.assemble(
                f"{printable(entry.file)}:{entry.line}: ",
                (f"{finding.severity} {finding.code}", _COLOURS[finding.severity]),
                f" {printable(finding.path or '/')}: {printable(finding.message)}\n",
                (f"    {printable(finding.hint)}", "dim"),
            )
        )
    sys.stderr.write(f"{_summary(result)}\n")


def _summary(result: LintResult) -> str:
    counts = Counter(entry.finding.severity for entry in result.findings)
    named = [
        _counted(counts[Severity.ERROR], "error"),
        _counted(counts[Severity.WARNING], "warning"),
        f"{counts[Severity.INFO]} not checked",
    ]
    return f"{', '.join(named)} in {_counted(result.files, 'file')}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _write_json(result: LintResult) -> None:
    print(json.dumps([_record(entry) for entry in result.findings], indent=2))


def _record(entry: FileFinding) -> dict[str, str]:
    finding = entry.finding
    return {
        "file": entry.file,
        "code": finding.code,
        "severity": str(finding.severity),
        "path": finding.path,
        "message": finding.message,
        "hint": finding.hint,
    }


def _write_github(result: LintResult) -> None:
    # https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
    commands = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
    for entry in result.findings:
        finding = entry.finding
        place = f"file={_property(entry.file)},line={entry.line},title={finding.code}"
        text = f"{finding.path or '/'}: {finding.message}: {finding.hint}"
        print(f"::{commands[finding.severity]} {place}::{_escaped(text)}")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _write_sarif(result: LintResult) -> None:
    from .. import __version__
    from ..aws_iot.rules import RULES

    used = sorted({entry.finding.code for entry in result.findings})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": RULES[code].title if code in RULES else "what was not checked"},
            **({"helpUri": RULES[code].source, "help": {"text": RULES[code].hint}} if code in RULES else {}),
        }
        for code in used
    ]
    driver = {"name": "device-provisioning", "semanticVersion": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "results": [_sarif_result(entry) for entry in result.findings]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    print(json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2))


def _sarif_result(entry: FileFinding) -> dict[str, Any]:
    from pathlib import Path
    from urllib.parse import quote

    finding = entry.finding
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    return {
        "ruleId": finding.code,
        "level": levels[finding.severity],
        "message": {"text": f"{finding.message}: {finding.hint}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(Path(entry.file).as_posix())},
                    "region": {"startLine": entry.line},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.path or "/"}],
            }
        ],
    }


def printable(text: str) -> str:
    """A text without what could move a terminal's cursor."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


_WRITERS: Mapping[str, Callable[[LintResult], None]] = {
    "text": _write_text,
    "json": _write_json,
    "sarif": _write_sarif,
    "github": _write_github,
}
