"""What a thing joins or is of, where it is defined beside the template: it has to be there first."""

import jsii
from aws_cdk import Aspects, IAspect, Stack
from aws_cdk import aws_iot as iot
from constructs import Construct, IConstruct

from ..aws_iot.touched_resources import TouchedResources


def wait_for_neighbours(template: Construct, touched: TouchedResources) -> None:
    """Let a template wait for thing types and groups of its stack that its body names by a literal name.

    Devices that register before them fail. They may be defined until the app is synthesised.

    Args:
        template: The template.
        touched: What its body names.
    """
    if touched.thing_groups or touched.thing_types or touched.billing_groups:
        Aspects.of(template).add(_Waiting(template, touched))


@jsii.implements(IAspect)
class _Waiting:
    def __init__(self, template: Construct, touched: TouchedResources) -> None:
        self._template = template
        self._touched = touched

    def visit(self, node: IConstruct) -> None:
        if node is self._template:
            for neighbour in Stack.of(node).node.find_all():
                if self._is_named(neighbour):
                    node.node.add_dependency(neighbour)

    def _is_named(self, neighbour: IConstruct) -> bool:
        match neighbour:
            case iot.CfnThingGroup():
                return neighbour.thing_group_name in self._touched.thing_groups
            case iot.CfnThingType():
                return neighbour.thing_type_name in self._touched.thing_types
            case iot.CfnBillingGroup():
                return neighbour.billing_group_name in self._touched.billing_groups
        return False
