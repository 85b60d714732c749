"""Linting texts: what each is, and what the rules say about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .. import iotda
from ..aws_iot import Finding, check
from ..aws_iot.rules.cloudformation import check_cloudformation_template
from ..aws_iot.rules.stack_reader import AUTHORITY
from ..aws_iot.rules.stack_values import TEMPLATE
from .lint import BodyType
from .positions import Lines
from .sources import STANDARD_INPUT, Source, UnreadableError, find_sources
from .stacks import holds_templates, stack_of


@dataclass(frozen=True)
class FileFinding:
    """A finding in a file.

    Args:
        file: The file.
        line: The line that the finding's path leads to.
        finding: The finding.
    """

    file: str
    line: int
    finding: Finding


@dataclass
class LintResult:
    """What linting found.

    Args:
        findings: Every finding.
        unreadable: The name and the reason of everything that could not be read.
        files: How many files were read.
    """

    findings: list[FileFinding] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    files: int = 0


def lint_files(given: Sequence[str], body_type: BodyType, silenced: Mapping[str, str]) -> LintResult:
    """Check everything that is given; what can't be read does not keep the rest from being checked.

    Args:
        given: Files, folders, ``-``.
        body_type: What a body that stands alone is for.
        silenced: Rules left out in bodies that stand alone, with the reasons.
    """
    result = LintResult()
    for name in given:
        try:
            sources = find_sources(name)
        except UnreadableError as error:
            result.unreadable.append((name, str(error)))
            continue
        for source in sources:
            _lint_source(source, body_type, silenced, result)
    return result


def _lint_source(
    source: Source, body_type: BodyType, silenced: Mapping[str, str], result: LintResult
) -> None:
    name = "<stdin>" if source.name == STANDARD_INPUT else source.name
    try:
        text = source.text()
        findings = lint_text(text, body_type, silenced)
    except UnreadableError as error:
        result.unreadable.append((name, str(error)))
        return
    if findings is None:
        # Most stacks of a cloud assembly have nothing to do with provisioning.
        if not source.of_folder:
            result.unreadable.append((name, f"holds neither a template body nor {TEMPLATE} nor {AUTHORITY}"))
        return
    lines = Lines(text)
    result.files += 1
    result.findings += [FileFinding(name, lines.of(finding.path), finding) for finding in findings]


def lint_text(text: str, body_type: BodyType, silenced: Mapping[str, str]) -> list[Finding] | None:
    """Check a body, or a whole CloudFormation template.

    Args:
        text: The text of either.
        body_type: What a body that stands alone is for.
        silenced: Rules left out in a body that stands alone, with the reasons.

    Returns:
        Every finding; ``None`` for a CloudFormation template without a provisioning template.

    Raises:
        UnreadableError: If the text is neither.
    """
    if body_type is BodyType.IOTDA:
        return iotda.check(text, silenced=silenced)
    stack = stack_of(text)
    if stack is None:
        return check(text, body_type.template_type, silenced=silenced)
    if not holds_templates(stack):
        return None
    try:
        return check_cloudformation_template(stack)
    except ValueError as error:
        raise UnreadableError(str(error)) from None
