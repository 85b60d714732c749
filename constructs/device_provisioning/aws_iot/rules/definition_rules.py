"""Rules about the settings of a template resource."""

import unicodedata
from collections.abc import Iterator

from ..finding import Severity
from ..fix import Fix, Insertion
from ..limits import TEMPLATE_NAME
from ..unresolved import is_unresolved
from .body import Body
from .context import Definition
from .registry import API, CLOUDFORMATION, Evidence, Problem, rule

MAX_DESCRIPTION = 500
MAX_VERSIONS = 5
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
    name = definition.template_name if definition else None
    if not definition or name is None or is_unresolved(name):
        return
    if not isinstance(name, str):
        yield Problem(
            f"{definition.path}/TemplateName", f"the template name is {name!r}, which is not a string"
        )
    elif problem := TEMPLATE_NAME.problem(name):
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
    if not definition or definition.enabled is not None or not definition.has_settings:
        return
    if definition.enabled_by_default is False:
        message = "enabled is left out, and the provider takes false for it: no device can register"
        yield Problem(definition.path, message, Severity.ERROR, "set enabled to true")
    else:
        message = "Enabled is left out, and what that means is not documented"
        yield Problem(definition.path, message, fix=_enabling(definition))


def _enabling(definition: Definition) -> Fix:
    return Fix((Insertion(f"{definition.path}/Enabled", "true"),), is_safe=False)


@rule(
    "DP050",
    "a tool that keeps all versions of a template changes its body four times at most",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.OBSERVED,
    source="https://github.com/hashicorp/terraform-provider-aws/issues/35392",
    hint="delete all but the default version with delete-provisioning-template-version before applying this",
)
def versions_left(body: Body) -> Iterator[Problem]:
    """A template has at most five versions, and Terraform's provider deletes none."""
    definition = body.context.definition
    newest = definition.newest_version if definition else None
    if definition and definition.body_changes and newest is not None and newest >= MAX_VERSIONS:
        message = (
            f"the body changes, and version {newest} exists already: a template has {MAX_VERSIONS} at most"
        )
        yield Problem(f"{definition.path}/TemplateBody", message)


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
