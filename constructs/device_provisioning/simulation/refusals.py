"""What keeps every device from being provisioned, whatever it supplies: errors that the rules find."""

from collections.abc import Iterator

from ..aws_iot import Finding, Severity, check
from ..aws_iot.evaluation import Failure, FailureReason
from ..aws_iot.evaluation.problems import Problem
from ..lint.configuration import find_project
from .body_choice import ChosenBody


def refusals_of(chosen: ChosenBody) -> list[Failure]:
    """What ``lint`` calls an error in a body, as the failures of every device; what is silenced is none.

    Args:
        chosen: The body.

    Raises:
        ValueError: If metadata around it silences a rule that does not exist, or for no reason.
    """
    return [
        Failure(
            FailureReason.INVALID_TEMPLATE,
            finding.path.removeprefix(_place(chosen)),
            Problem.BROKEN_RULE.format(code=finding.code, message=finding.message),
        )
        for finding in _errors(chosen)
        if _is_inside(finding, chosen)
    ]


def broken_around(chosen: ChosenBody) -> list[str]:
    """The rules that ``lint`` says are broken by what surrounds a body, such as its role and its hook.

    Args:
        chosen: The body.

    Raises:
        ValueError: If metadata around it silences a rule that does not exist, or for no reason.
    """
    return sorted({finding.code for finding in _errors(chosen) if not _is_inside(finding, chosen)})


def _errors(chosen: ChosenBody) -> Iterator[Finding]:
    found, project = chosen.found, find_project()
    context, silenced = (found.context, found.silenced) if found else (None, None)
    for finding in check(chosen.body, chosen.template_type, context=context, silenced=silenced):
        judged = project.judged(finding, chosen.file)
        if judged and {finding.severity, judged.severity} == {Severity.ERROR}:
            yield finding


def _place(chosen: ChosenBody) -> str:
    return chosen.found.context.body_path if chosen.found else ""


def _is_inside(finding: Finding, chosen: ChosenBody) -> bool:
    return f"{finding.path}/".startswith(f"{_place(chosen)}/")
