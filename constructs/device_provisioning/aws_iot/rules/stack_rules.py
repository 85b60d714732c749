"""Rules about what is deployed together."""

import re
from collections.abc import Iterator

from ..finding import Severity
from ..unresolved import is_unresolved
from .context import Stack
from .registry import CLOUDFORMATION, QUOTAS, Evidence, Problem, rule

MAX_FLEET_TEMPLATES = 256
_IOT_VARIABLE = re.compile(r"\$\{\s*(iot:[^}]*|AWS::IoT::[^}]*)\}")


@rule(
    "DP039",
    "no two templates have the same explicit name",
    subject=Stack,
    severity=Severity.WARNING,
    evidence=Evidence.OBSERVED,
    source="https://github.com/aws/aws-cdk/issues/17989",
    hint="give each its own name, or none: an explicit name also collides when TemplateType changes, because"
    " the new template is created before the old one is deleted",
)
def unique_names(stack: Stack) -> Iterator[Problem]:
    """That a change replaces a template can't be seen in one version of a file."""
    seen = set()
    for path, name in stack.template_names:
        if name is not None and not is_unresolved(name) and name in seen:
            yield Problem(f"{path}/TemplateName", f"a second template is named {name!r}")
        seen.add(name)


@rule(
    "DP042",
    "an account has at most 256 fleet templates",
    subject=Stack,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=QUOTAS,
    hint="use parameters in place of templates: the quota is per account and Region, and can't be raised",
)
def template_count(stack: Stack) -> Iterator[Problem]:
    """Those of one file are counted; others of the account are not in sight."""
    count = len(stack.template_names)
    if count > MAX_FLEET_TEMPLATES:
        yield Problem("/Resources", f"there are {count} fleet templates")


@rule(
    "DP047",
    "Fn::Sub leaves AWS IoT's own variables alone",
    subject=Stack,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=f"{CLOUDFORMATION}intrinsic-function-reference-sub.html",
    hint="write ${!iot:…}",
)
def escaped_variables(stack: Stack) -> Iterator[Problem]:
    """CloudFormation takes them for its own and finds no such resource."""
    for path, text in stack.substitutions:
        for name in dict.fromkeys(_IOT_VARIABLE.findall(text)):
            yield Problem(path, f"Fn::Sub would replace ${{{name}}}")
