"""What ``pulumi preview --json`` and ``pulumi stack export`` print."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..aws_iot.json_pointer import escaped
from ..aws_iot.rules.statements import as_list
from .plan import KNOWN_LATER, Plan
from .pulumi_references import arn_of, arns_of, referred
from .resource_kinds import KINDS, attach_policies, translated

# https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands for a value that only an update knows."""
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_GONE = (
    "delete",
    "delete-replaced",
    "discard",
    "discard-replaced",
    "remove-pending-replace",
    "read",
    "read-discard",
)
# What Pulumi calls otherwise than Terraform's provider.
_RENAMED: Mapping[str, Mapping[str, str]] = {
    "aws_lambda_function": {"name": "function_name"},
    "aws_lambda_permission": {"function": "function_name"},
    "aws_iot_provisioning_template": {"template_name": "name", "template_type": "type"},
}
_OF_THIS_LIBRARY = {
    "pulumi-python:dynamic/device-provisioning:ProvisioningTemplate": "aws_iot_provisioning_template",
}
_PAYLOAD_VERSION = "2020-04-01"
_DATA = ("variables", "tags")
"""Maps whose keys are the user's own words."""


def is_pulumi_state(value: Mapping[str, Any]) -> bool:
    """Whether a document is a preview or a state."""
    deployment = value.get("deployment")
    steps = value.get("steps")
    is_preview = isinstance(steps, list) and any(isinstance(s, Mapping) and "urn" in s for s in steps)
    return is_preview or (isinstance(deployment, Mapping) and isinstance(deployment.get("resources"), list))


def read_pulumi_state(value: Mapping[str, Any]) -> Plan:
    """A preview or a state as the CloudFormation template that it amounts to.

    Args:
        value: The document.
    """
    resources: dict[str, Any] = {}
    places: dict[str, str] = {}
    addresses: dict[str, str] = {}
    states = list(_states(value))
    arns = dict(arns_of(states))
    for state, pointer in states:
        kind = kind_of(state.get("type"))
        urn, inputs = state.get("urn"), state.get("inputs")
        if kind not in KINDS or not isinstance(urn, str) or not isinstance(inputs, Mapping):
            continue
        depends_on = state.get("propertyDependencies")
        values = dict(_values(inputs, depends_on if isinstance(depends_on, Mapping) else {}, arns))
        values = _as_provider(kind, values)
        resources[urn], sources = translated(kind, values)
        here = f"/Resources/{escaped(urn)}"
        places[here] = places[f"{here}/Properties"] = f"{pointer}/inputs"
        for name, source in sources.items():
            places[f"{here}/Properties/{name}"] = f"{pointer}/inputs/{camel_case(source)}"
        addresses[f"{pointer}/inputs"] = urn.rpartition("::")[2]
    for state, _ in states:
        dependencies = [urn for urn in as_list(state.get("dependencies")) if isinstance(urn, str)]
        if waited := [urn for urn in dependencies if urn in resources]:
            resources.get(str(state.get("urn")), {})["DependsOn"] = waited
    attach_policies(resources)
    return Plan({"Resources": resources}, places, addresses, made_by="Pulumi")


def _states(value: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    deployment = value.get("deployment")
    if isinstance(deployment, Mapping):
        for number, state in enumerate(deployment["resources"]):
            if isinstance(state, Mapping) and not state.get("delete"):
                yield state, f"/deployment/resources/{number}"
        return
    for number, step in enumerate(value["steps"]):
        if isinstance(step, Mapping) and step.get("op") not in _GONE:
            state = step.get("newState")
            if isinstance(state, Mapping):
                yield {"urn": step.get("urn"), **state}, f"/steps/{number}/newState"


def _as_provider(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the names of Terraform's provider."""
    renamed = _RENAMED.get(kind, {})
    named = {renamed.get(name, name): value for name, value in values.items()}
    if hook := named.pop("hook_arn", None):
        named["pre_provisioning_hook"] = {"target_arn": hook, "payload_version": _PAYLOAD_VERSION}
    return named


def _values(
    inputs: Mapping[str, Any], depends_on: Mapping[str, Any], arns: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    for name, value in inputs.items():
        known = _known(value)
        urn = referred(name, as_list(depends_on.get(name)))
        if urn and known == KNOWN_LATER:
            known = arn_of(urn) if name.lower().endswith("arn") else {"Ref": urn}
        if urn and isinstance(known, Mapping) and known.get("target_arn") == KNOWN_LATER:
            known = {**known, "target_arn": arn_of(urn)}
        if isinstance(known, Mapping) and "target_arn" in known:
            known = {**known, "target_arn": _deployed(known["target_arn"], arns)}
        yield snake_case(name), _deployed(known, arns)


def _deployed(value: Any, arns: Mapping[str, str]) -> Any:
    """A value, or the resource that it is the ARN of."""
    return arn_of(arns[value]) if isinstance(value, str) and value in arns else value


def _known(value: Any) -> Any:
    if value == UNKNOWN or (isinstance(value, Mapping) and _SIGNATURE in value):
        return KNOWN_LATER
    if isinstance(value, str) and UNKNOWN in value:
        return value.replace(UNKNOWN, "${Token[KnownLater]}")
    if isinstance(value, Mapping):
        return {
            snake_case(str(key)): inner if key in _DATA and isinstance(inner, Mapping) else _known(inner)
            for key, inner in value.items()
            if not str(key).startswith("__")
        }
    return [_known(inner) for inner in value] if isinstance(value, list) else value


def kind_of(token: Any) -> str:
    """The type of Terraform's provider of a type of Pulumi's or of this library's.

    Args:
        token: The type; anything may stand in its place in a file.
    """
    return _OF_THIS_LIBRARY.get(str(token)) or terraform_type(token)


def terraform_type(token: Any) -> str:
    """The type of Terraform's provider of a type of Pulumi's; empty for what is none.

    Example:
        >>> terraform_type("aws:iot/provisioningTemplate:ProvisioningTemplate")
        'aws_iot_provisioning_template'
        >>> terraform_type("aws:iot:CaCertificate")
        'aws_iot_ca_certificate'
    """
    parts = token.split(":") if isinstance(token, str) else []
    if len(parts) != 3 or parts[0] != "aws":
        return ""
    return f"aws_{parts[1].partition('/')[0]}_{snake_case(parts[2])}"


def snake_case(name: str) -> str:
    """A name of Pulumi's as Terraform writes it.

    Example:
        >>> snake_case("preProvisioningHook")
        'pre_provisioning_hook'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def camel_case(name: str) -> str:
    """A name of Terraform's as Pulumi writes it."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
