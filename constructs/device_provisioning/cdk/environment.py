"""Where a construct is deployed to, in the words of the core."""

from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import IConstruct

from ..aws_iot.environment import Environment

# Every property of a stack is a question to another process, and its answer never changes.
_ENVIRONMENTS: WeakKeyDictionary[IConstruct, Environment] = WeakKeyDictionary()


def environment_of(scope: IConstruct) -> Environment:
    """The account, Region and partition that a construct is deployed to."""
    known = _ENVIRONMENTS.get(scope)
    if known is None:
        stack = Stack.of(scope)
        known = _ENVIRONMENTS.get(stack) or Environment(
            account=stack.account, region=stack.region, partition=stack.partition
        )
        _ENVIRONMENTS[scope] = _ENVIRONMENTS[stack] = known
    return known
