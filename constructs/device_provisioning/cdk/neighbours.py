"""What a thing joins or is of, where it is defined beside the template: it has to be there first."""

from collections.abc import Callable, Sequence

import jsii
from aws_cdk import Aspects, IAspect, Stack
from aws_cdk import aws_iot as iot
from constructs import Construct, IConstruct

from ..aws_iot import Neighbour
from ..aws_iot.touched_resources import TouchedResources

Judge = Callable[[Sequence[Neighbour]], None]
"""Says what has to exist elsewhere, given what is defined beside a template."""


def wait_for_neighbours(template: Construct, touched: TouchedResources, judge: Judge) -> None:
    """Let a template wait for thing types and groups of its stack that its body names by a literal name.

    Devices that register before them fail. They may be defined until the app is synthesised.

    Args:
        template: The template.
        touched: What its body names.
        judge: Says what is not defined there.
    """
    if touched.thing_groups or touched.thing_types or touched.billing_groups:
        Aspects.of(template).add(_Waiting(template, touched, judge))


@jsii.implements(IAspect)
class _Waiting:
    def __init__(self, template: Construct, touched: TouchedResources, judge: Judge) -> None:
        self._template = template
        self._touched = touched
        self._judge = judge

    def visit(self, node: IConstruct) -> None:
        if node is not self._template:
            return
        found = []
        for construct in Stack.of(node).node.find_all():
            if neighbour := self._named(construct):
                node.node.add_dependency(construct)
                found.append(neighbour)
        self._judge(found)

    def _named(self, construct: IConstruct) -> Neighbour | None:
        match construct:
            case iot.CfnThingGroup():
                kind, name, names = "ThingGroup", construct.thing_group_name, self._touched.thing_groups
            case iot.CfnThingType():
                kind, name, names = "ThingType", construct.thing_type_name, self._touched.thing_types
            case iot.CfnBillingGroup():
                kind, name, names = "BillingGroup", construct.billing_group_name, self._touched.billing_groups
            case _:
                return None
        return Neighbour(kind, name) if name in names else None
