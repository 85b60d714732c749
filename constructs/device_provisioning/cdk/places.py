"""Where constructs are: every such question is one to another process, and its answer never changes."""

from typing import NamedTuple, cast
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import IConstruct

from ..aws_iot.environment import Environment


class Place(NamedTuple):
    """Where a construct is.

    Args:
        stack: Its stack.
        path: Its path.
        scope: The construct above.
    """

    stack: Stack
    path: str
    scope: IConstruct


_PLACES: WeakKeyDictionary[IConstruct, Place] = WeakKeyDictionary()
_ENVIRONMENTS: WeakKeyDictionary[IConstruct, Environment] = WeakKeyDictionary()


def put(construct: IConstruct, scope: IConstruct, construct_id: str) -> None:
    """Note where a construct was just made, so that nobody has to ask.

    Args:
        construct: The construct.
        scope: The construct above.
        construct_id: The id under it.
    """
    stack, path, _ = place_of(scope)
    _PLACES[construct] = Place(stack, f"{path}/{construct_id.replace('/', '--')}", scope)


def place_of(construct: IConstruct) -> Place:
    """Where a construct is: noted, or asked for once."""
    place = _PLACES.get(construct)
    if place is None:
        node = construct.node
        place = _PLACES[construct] = Place(Stack.of(construct), node.path, cast(IConstruct, node.scope))
    return place


def environment_of(scope: IConstruct) -> Environment:
    """The account, Region and partition that a construct is deployed to, in the words of the core."""
    stack = place_of(scope).stack
    known = _ENVIRONMENTS.get(stack)
    if known is None:
        known = _ENVIRONMENTS[stack] = Environment(
            account=stack.account, region=stack.region, partition=stack.partition
        )
    return known
