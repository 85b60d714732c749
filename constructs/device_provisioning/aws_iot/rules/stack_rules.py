"""Rules about what is deployed together."""

import re
from collections.abc import Iterator

from ..finding import Severity
from ..fix import Fix, Rewording
from ..json_pointer import keys_of
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
        if isinstance(name, str) and not is_unresolved(name) and name in seen:
            yield Problem(f"{path}/TemplateName", f"a second template is named {name!r}")
        seen.add(str(name))


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
    """Those of one file are counted; others of the account are not seen."""
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
            yield Problem(path, f"Fn::Sub would replace ${{{name}}}", fix=_escaped(path, text, name))


def _escaped(path: str, text: str, name: str) -> Fix:
    """An exclamation mark in each place where the name stands."""
    places = [
        (found.start() + len("${"), found.start(1))
        for found in _IOT_VARIABLE.finditer(text)
        if found[1] == name
    ]
    return Fix(tuple(Rewording(path, start, end, "!") for start, end in places))


@rule(
    "DP056",
    "CloudFormation knows every name that it is asked to fill in",
    subject=Stack,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=f"{CLOUDFORMATION}intrinsic-function-reference-sub.html",
    hint="define it, or write the body as text, in which CloudFormation replaces nothing",
)
def known_names(stack: Stack) -> Iterator[Problem]:
    """Checked in templates, CAs and AWS IoT policies, where AWS IoT has functions of the same names."""
    for path, function, name in stack.unknown_names:
        hint = (
            f"write ${{!{name}}} where AWS IoT is to fill it in, or define it"
            if function == "Fn::Sub"
            else None
        )
        if "/Fn::ToJsonString/" in path:
            hint = "write the body as text: CloudFormation replaces what is inside Fn::ToJsonString"
        yield Problem(path, f"{function} asks CloudFormation for {name!r}, which is not defined", None, hint)


@rule(
    "DP058",
    "no key of a template or a program occurs twice in one object",
    subject=Stack,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source="https://www.rfc-editor.org/rfc/rfc8259#section-4",
    hint="give each its own name",
)
def template_keys_once(stack: Stack) -> Iterator[Problem]:
    """Of two equal keys one is lost."""
    for path in stack.repeated_keys:
        yield Problem(
            path, f"the key {keys_of(path)[-1]!r} occurs twice (duplicate), and only one of the two counts"
        )
