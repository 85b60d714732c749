"""Files to lint: what each is, and what the rules say about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .. import iotda
from ..aws_iot import Context, Finding, Severity, check
from ..cloudformation.checks import check_cloudformation_template
from ..cloudformation.positions import Position, Positions
from ..console.sources import STANDARD_INPUT, Source, UnreadableError, find_sources
from ..plans.plan import LooseBody, Plan
from ..plans.reading import read_plan
from .body_type import BodyType

_NOTHING = (
    "contains neither a template body nor a resource that has one: give a body, a stack, a plan or a state"
)


@dataclass(frozen=True)
class FileFinding:
    """A finding in a file.

    Args:
        file: The file.
        position: The line and the column that the finding is about.
        finding: The finding.
    """

    file: str
    position: Position
    finding: Finding

    @property
    def line(self) -> int:
        """The line."""
        return self.position.line


@dataclass(frozen=True)
class Change:
    """A part of a file, and what is to stand there.

    Args:
        start: Where the part begins.
        end: Where what follows it begins.
        text: What is to stand there.
    """

    start: Position
    end: Position
    text: str


@dataclass
class LintResult:
    """What lint found.

    Args:
        findings: Every finding.
        unreadable: The name and the reason of everything that could not be read.
        files: How many files were read.
        gone: How many findings of a baseline were not found any more.
        fixed: Every finding that was fixed, as it was found.
        unfixed: Files and places in which nothing was fixed, and why.
        changes: What would fix a finding, by the finding, where somebody asks for it.
        standard_input: What standard input says, which can't be read again.
    """

    findings: list[FileFinding] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    files: int = 0
    gone: int = 0
    fixed: list[FileFinding] = field(default_factory=list)
    unfixed: list[tuple[str, str]] = field(default_factory=list)
    changes: dict[FileFinding, tuple[Change, ...]] = field(default_factory=dict)
    standard_input: str | None = None

    def fails(self, *, strict: bool) -> bool:
        """Whether there are errors.

        Args:
            strict: Whether warnings count as errors.
        """
        counted = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
        return any(entry.finding.severity in counted for entry in self.findings)


def lint_files(
    given: Sequence[str],
    body_type: BodyType,
    silenced: Mapping[str, str],
    texts: Mapping[str, str] | None = None,
) -> LintResult:
    """Check everything that is given; what can't be read does not keep the rest from being checked.

    Args:
        given: Files, folders, ``-``.
        body_type: The type of a standalone body file.
        silenced: Rules left out, with the reasons.
        texts: What files say, as far as it is known; they are read by default.
    """
    result = LintResult()
    for name in given:
        try:
            sources = find_sources(name)
        except UnreadableError as error:
            result.unreadable.append((name, str(error)))
            continue
        for source in sources:
            _lint_source(source, body_type, silenced, result, texts or {})
    return result


def _lint_source(
    source: Source,
    body_type: BodyType,
    silenced: Mapping[str, str],
    result: LintResult,
    texts: Mapping[str, str],
) -> None:
    name = shown_name(source.name)
    try:
        text = texts[source.name] if source.name in texts else source.text()
        result.standard_input = text if source.name == STANDARD_INPUT else result.standard_input
        findings = lint_text(text, body_type, silenced)
    except UnreadableError as error:
        result.unreadable.append((name, str(error)))
        return
    if findings is None:
        # Most stacks of a cloud assembly have nothing to do with provisioning.
        if not source.of_folder:
            result.unreadable.append((name, _NOTHING))
        return
    result.files += 1
    result.findings += [FileFinding(name, position, finding) for position, finding in findings]


def shown_name(name: str) -> str:
    """What findings call a file.

    Example:
        >>> shown_name("-")
        '<stdin>'
    """
    return "<stdin>" if name == STANDARD_INPUT else name


def lint_text(
    text: str, body_type: BodyType, silenced: Mapping[str, str]
) -> list[tuple[Position, Finding]] | None:
    """Check what a file holds, whatever its form.

    Args:
        text: The text of the file.
        body_type: The type of a standalone body file.
        silenced: Rules left out, with the reasons.

    Returns:
        Every finding with its place in the text; ``None`` if there is nothing to check.

    Raises:
        UnreadableError: If the text has none of the forms that are known.
    """
    plan, found = check_text(text, body_type, silenced)
    if plan.is_empty:
        return None
    positions = Positions(text)
    return [
        (positions.of(finding.path, finding.offset), replace(finding, path=plan.address(finding.path)))
        for finding in found
    ]


def check_text(text: str, body_type: BodyType, silenced: Mapping[str, str]) -> tuple[Plan, list[Finding]]:
    """What a file amounts to, and every finding in it by its place in the file.

    Args:
        text: The text of the file.
        body_type: The type of a standalone body file.
        silenced: Rules left out, with the reasons.

    Raises:
        UnreadableError: If the text has none of the forms that are known.
    """
    if body_type is BodyType.IOTDA:
        return Plan(bodies=[LooseBody(text)]), iotda.check(text, silenced=silenced)
    plan = read_plan(text)
    found = [] if plan.is_empty else check_plan(plan, body_type)
    return plan, [finding for finding in found if finding.code not in silenced]


def check_plan(plan: Plan, body_type: BodyType) -> list[Finding]:
    """Every finding in what a file amounts to, by its place in the file.

    Args:
        plan: What the file amounts to.
        body_type: The type of a standalone body file.

    Raises:
        UnreadableError: If metadata in it silences a rule that does not exist, or for no reason.
    """
    findings = [finding for body in plan.bodies for finding in _check_body(plan, body, body_type)]
    if plan.document is None:
        return findings
    try:
        found = check_cloudformation_template(
            plan.document, repeated_keys=plan.repeated_keys, names_are_checked=plan.names_are_checked
        )
    except ValueError as error:
        raise UnreadableError(str(error)) from None
    moved = [finding.moved(plan.pointer) for finding in found]
    return findings + list(dict.fromkeys(moved))


def _check_body(plan: Plan, body: LooseBody, body_type: BodyType) -> Iterator[Finding]:
    context = Context(
        belongs_to_ca=body.belongs_to_ca,
        body_path=body.pointer,
        given_body=body.body if body.wants_text else "",
    )
    if plan.is_yaml_body:
        message = "the body is YAML, and AWS IoT accepts JSON only"
        yield Finding("DP003", Severity.ERROR, body.pointer, message, "write the body as JSON")
    yield from check(body.body, body.template_type or body_type.template_type, context=context)
