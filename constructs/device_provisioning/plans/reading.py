"""Reading a file once, whatever form it has."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..cloudformation.stack_values import AUTHORITY, TEMPLATE
from ..console.sources import UnreadableError
from .aws_api import read_aws_api
from .loose_bodies import is_body, loose_bodies
from .parsing import Parsed, parse
from .plan import LooseBody, Plan
from .pulumi_state import is_pulumi_state, read_pulumi_state
from .pulumi_yaml import is_pulumi_yaml, read_pulumi_yaml
from .serverless import is_serverless, read_serverless
from .terraform import is_terraform, read_terraform

_TOOLS = (
    (is_terraform, read_terraform),
    (is_pulumi_state, read_pulumi_state),
    (is_pulumi_yaml, read_pulumi_yaml),
    (is_serverless, read_serverless),
)
_ANSWERED = {
    "templateArn",
    "creationDate",
    "certificateDescription",
    "versionId",
    "taskId",
    "ResponseMetadata",
}
_CDK = '"AWS::CDK::Metadata"'
_MARKS = {"AWSTemplateFormatVersion", "Transform", "Globals"}


def read_plan(text: str) -> Plan:
    """What a file amounts to.

    Args:
        text: The text of the file.

    Raises:
        UnreadableError: If it is none of the forms that are known.
    """
    parsed = parse(text)
    if parsed.is_broken_json:
        return Plan(bodies=[LooseBody(text)])
    plan = plan_of(parsed)
    if plan.is_empty and not isinstance(parsed.value, Mapping):
        raise UnreadableError("is neither a template body in JSON nor a CloudFormation template")
    return plan


def plan_of(parsed: Parsed) -> Plan:
    """What a parsed document amounts to; an empty plan for what holds nothing to check."""
    value = parsed.value
    if isinstance(value, Mapping):
        for recognises, read in _TOOLS:
            if recognises(value):
                return _with_templates(_with_repeated_keys(read(value), parsed), value)
        if is_stack(value):
            made_by = "the CDK" if "aws:cdk:path" in parsed.text or _CDK in parsed.text else ""
            plan = Plan(value, repeated_keys=parsed.repeated_keys, names_are_checked=True, made_by=made_by)
            return _with_templates(plan, value)
        if answer := read_aws_api(value):
            made_by = "AWS" if _ANSWERED & value.keys() else ""
            return replace(_with_repeated_keys(answer, parsed), made_by=made_by)
        if is_body(value):
            own = LooseBody(parsed.text if parsed.is_json else value)
            return Plan(bodies=[own], is_yaml_body=not parsed.is_json)
    bodies = list(loose_bodies(value))
    if not bodies and parsed.is_json:
        bodies = [LooseBody(parsed.text)]
    return Plan(bodies=bodies, repeated_keys=parsed.repeated_keys)


def _with_repeated_keys(plan: Plan, parsed: Parsed) -> Plan:
    return replace(plan, repeated_keys=parsed.repeated_keys)


def _with_templates(plan: Plan, value: Any) -> Plan:
    """The plan, or the bodies anywhere in the file where it has no resource that holds one."""
    return (
        plan
        if holds_templates(plan.document or {})
        else replace(Plan(made_by=plan.made_by), bodies=list(loose_bodies(value)))
    )


def is_stack(document: Mapping[str, Any]) -> bool:
    """Whether a document is a CloudFormation template rather than a body."""
    kinds = _types(document)
    resources = document.get("Resources")
    loops = isinstance(resources, Mapping) and any(
        str(name).startswith("Fn::ForEach::") for name in resources
    )
    return (
        bool(_MARKS & document.keys())
        or loops
        or any(not kind.startswith("AWS::IoT::") for kind in kinds)
        or holds_templates(document)
    )


def holds_templates(document: Mapping[str, Any]) -> bool:
    """Whether a CloudFormation template holds a provisioning template or a CA."""
    resources = document.get("Resources")
    loops = [
        entry
        for name, entry in (resources.items() if isinstance(resources, Mapping) else ())
        if str(name).startswith("Fn::ForEach::")
    ]
    return bool({TEMPLATE, AUTHORITY} & _types(document)) or any(
        kind in repr(loop) for loop in loops for kind in (TEMPLATE, AUTHORITY)
    )


def _types(document: Mapping[str, Any]) -> set[str]:
    resources = document.get("Resources")
    entries = resources.values() if isinstance(resources, Mapping) else ()
    types = [entry.get("Type") for entry in entries if isinstance(entry, Mapping)]
    return {kind for kind in types if isinstance(kind, str)}
