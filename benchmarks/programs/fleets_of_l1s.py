"""The resources of fleets, each made by one call: what the CDK takes for as many at least."""

from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template
from constructs import Construct, IConstruct

from device_provisioning.cdk import FleetProvisioning
from device_provisioning.cdk.library_function import code_of
from device_provisioning.fleet.functions import CARETAKER, PRE_PROVISIONING_HOOK

Resources = Mapping[str, Mapping[str, Any]]


def _resources() -> tuple[Resources, Resources]:
    """Those of the first fleet of a stack, and those of a further one."""
    stack = cdk.Stack(cdk.App(), "Stack")
    for name in ("First", "Further"):
        FleetProvisioning(stack, name, thing_name_prefix=f"{name.lower()}-")
    made = Template.from_stack(stack).to_json()["Resources"]
    further = {name: resource for name, resource in made.items() if name.startswith("Further")}
    return {name: resource for name, resource in made.items() if name not in further}, further


FIRST, FURTHER = _resources()
_BEGUN: set[IConstruct] = set()


class FleetOfL1s(Construct):
    """The resources of one fleet; texts stand where they refer to each other."""

    def __init__(self, scope: Construct, construct_id: str, **_settings: Any) -> None:
        super().__init__(scope, construct_id)
        resources = FURTHER if scope in _BEGUN else FIRST
        if resources is FIRST:
            _BEGUN.add(scope)
            for function in (CARETAKER, PRE_PROVISIONING_HOOK):
                code_of(Construct(self, function.handler), function)
        for name, resource in resources.items():
            cdk.CfnResource(self, name, type=resource["Type"], properties=resource["Properties"])
