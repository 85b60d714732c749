"""Rules about the settings of a template resource."""

import unicodedata
from collections.abc import Iterator

from ..finding import Severity
from ..limits import TEMPLATE_NAME
from ..unresolved import is_unresolved
from .body import Body
from .registry import API, CLOUDFORMATION, Evidence, Problem, rule

MAX_DESCRIPTION = 500
_CREATE = f"{API}API_CreateProvisioningTemplate.html"


@rule(
    "DP001",
    "a template name has 1 to 36 letters, digits, _ and -",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.OBSERVED,
    source=_CREATE,
    hint=f"give 1 to {TEMPLATE_NAME.longest} letters, digits, _ or -",
)
def template_name(body: Body) -> Iterator[Problem]:
    """cfn-lint reports it as E3031."""
    definition = body.context.definition
    if not definition or definition.template_name is None or is_unresolved(definition.template_name):
        return
    name = str(definition.template_name)
    if problem := TEMPLATE_NAME.problem(name):
        yield Problem(f"{definition.path}/TemplateName", f"template name {name!r} {problem}")


@rule(
    "DP041",
    "a template says whether it is enabled",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.INFERRED,
    source=f"{CLOUDFORMATION}aws-resource-iot-provisioningtemplate.html",
    hint="set Enabled to true",
)
def enabled(body: Body) -> Iterator[Problem]:
    """Terraform's provider takes false for the default."""
    definition = body.context.definition
    if definition and definition.enabled is None:
        yield Problem(definition.path, "Enabled is left out, and what that means is not documented")


@rule(
    "DP048",
    "a description has at most 500 characters and none that control",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=_CREATE,
    hint="shorten it, and write it in one line",
)
def description(body: Body) -> Iterator[Problem]:
    """A line break is a control character."""
    definition = body.context.definition
    text = definition.description if definition else None
    if not definition or not isinstance(text, str) or is_unresolved(text):
        return
    path = f"{definition.path}/Description"
    if len(text) > MAX_DESCRIPTION:
        yield Problem(
            path, f"the description has {len(text)} characters, at most {MAX_DESCRIPTION} are allowed"
        )
    control = next((character for character in text if unicodedata.category(character).startswith("C")), None)
    if control:
        yield Problem(path, f"the description has the control character {control!r}")
