"""The public surface: everything that a user's program, script or deployed stack may rest on."""

import inspect
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from typing import Any

from aws_cdk import CfnResource

from device_provisioning.console import exit_status
from device_provisioning.lint.every_rule import EVERY_RULE
from device_provisioning.lint.report import report_schema
from device_provisioning.records import record
from tests.support.everything_on_cdk import STACKS
from tests.support.everything_on_pulumi import PROGRAMS
from tests.support.pulumi_program import ran
from tests.support.simulated import DEFAULT, outcomes, simulate
from tests.support.synthesis import a_stack

MODULES = ("aws_iot", "cdk", "greengrass", "iotda", "iotda.client", "panorama", "pulumi")


def surface() -> dict[str, Any]:
    """Names with their signatures, ids, child names, codes and statuses."""
    return {
        "modules": {name: _module(import_module(f"device_provisioning.{name}")) for name in MODULES},
        "construct ids": {name: sorted(_ids(define)) for name, define in STACKS.items()},
        "Pulumi names": {name: sorted(_names(program)) for name, program in PROGRAMS.items()},
        "rules": sorted(EVERY_RULE),
        "exit statuses": _constants(exit_status),
        "JSON formats": {"lint": report_schema(), "simulate": _simulated()},
        "record attributes": sorted(value for value in _constants(record).values() if isinstance(value, str)),
    }


def _simulated() -> dict[str, Any]:
    """The version of a line that simulate writes, and its fields."""
    (line,) = outcomes(simulate(DEFAULT, "--device", "SerialNumber=A-1"))
    return {"version": line["version"], "fields": sorted(line)}


def _constants(module: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(module).items() if name.isupper()}


def _module(module: Any) -> dict[str, Any]:
    return {name: _described(getattr(module, name)) for name in sorted(module.__all__)}


def _described(value: Any) -> Any:
    if isinstance(value, type) and issubclass(value, Enum):
        return {member.name: member.value for member in value}
    if isinstance(value, type) and issubclass(value, dict):
        return sorted(value.__annotations__)
    if isinstance(value, type):
        return {"signature": _signature(value), "members": _own_members(value)}
    return _signature(value) if callable(value) else type(value).__name__


def _own_members(value: type) -> list[str]:
    ours = [kind for kind in value.__mro__ if kind.__module__.startswith("device_provisioning")]
    return sorted({name for kind in ours for name in vars(kind) if not name.startswith("_")})


def _signature(value: Any) -> list[str]:
    """Parameters with their defaults; of annotations nothing, as they say the same in many ways."""
    parameters = inspect.signature(value).parameters.values()
    return [str(parameter.replace(annotation=inspect.Parameter.empty)) for parameter in parameters]


def _ids(define: Any) -> Iterator[str]:
    stack = a_stack()
    define(stack)
    for element in stack.node.find_all():
        if isinstance(element, CfnResource):
            yield f"{element.node.path.partition('/')[2]}: {element.cfn_resource_type}"


def _names(program: Any) -> Iterator[str]:
    for urn in ran(program).resources:
        yield "::".join(urn.split("::")[2:])
