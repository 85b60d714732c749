"""Which resource a value of Pulumi's refers to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_FUNCTION = ("aws:lambda/function:", "aws:lambda/alias:")
_ROLE = ("aws:iam/role:",)
REFERRED = {
    "function": _FUNCTION,
    "hook_arn": _FUNCTION,
    "policy": ("aws:iot/policy:",),
    "policyArn": ("aws:iam/policy:",),
    "preProvisioningHook": _FUNCTION,
    "provisioning_role_arn": _ROLE,
    "provisioningRoleArn": _ROLE,
    "role": _ROLE,
    "sourceArn": ("rovisioningTemplate",),
    "target": ("aws:iot/certificate:",),
}
"""What the resource is of that a value refers to, where the value may depend on others as well."""


def arns_of(states: Sequence[tuple[Mapping[str, Any], str]]) -> Iterator[tuple[str, str]]:
    """The resource that each ARN is of, once it was deployed."""
    for state, _ in states:
        outputs = state.get("outputs")
        if isinstance(outputs, Mapping) and isinstance(outputs.get("arn"), str):
            yield outputs["arn"], str(state.get("urn"))


def arn_of(urn: str) -> dict[str, Any]:
    """The ARN of a resource, as CloudFormation refers to it."""
    return {"Fn::GetAtt": [urn, "Arn"]}


def referred(name: str, urns: Sequence[Any]) -> str | None:
    """The one resource that a value refers to, of those that it depends on.

    Args:
        name: What the value is called.
        urns: What it depends on.
    """
    fitting = [urn for urn in urns if isinstance(urn, str) and _fits(name, urn.rpartition("::")[0])]
    return fitting[0] if len(fitting) == 1 else None


def _fits(name: str, kind: str) -> bool:
    return name not in REFERRED or any(wanted in kind for wanted in REFERRED[name])
