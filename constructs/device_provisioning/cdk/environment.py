"""The core's environment of a construct."""

from aws_cdk import Stack
from constructs import IConstruct

from ..aws_iot.environment import Environment


def environment_of(scope: IConstruct) -> Environment:
    """The account, Region and partition that a construct is deployed to."""
    stack = Stack.of(scope)
    return Environment(account=stack.account, region=stack.region, partition=stack.partition)
