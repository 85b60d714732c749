"""The core's environment of a component."""

from typing import Any
from weakref import WeakKeyDictionary

import pulumi
import pulumi_aws as aws
from pulumi.runtime.settings import get_monitor

from ..aws_iot.environment import Environment

_TOKEN = "aws:index/getRegion:getRegion"  # noqa: S105  # what Pulumi calls the name of a function
# The provider asks AWS each time, so each provider of a program is asked once; a monitor is one program's.
_KNOWN: WeakKeyDictionary[Any, dict[pulumi.ProviderResource | None, pulumi.Output[Environment]]] = (
    WeakKeyDictionary()
)


def environment_of(resource: pulumi.Resource) -> pulumi.Output[Environment]:
    """The account, Region and partition that the AWS provider of a component deploys to."""
    of_program = _KNOWN.setdefault(get_monitor(), {})
    provider = resource.get_provider(_TOKEN)
    if provider not in of_program:
        of_program[provider] = _asked(pulumi.InvokeOutputOptions(parent=resource))
    return of_program[provider]


def _asked(options: pulumi.InvokeOutputOptions) -> pulumi.Output[Environment]:
    return pulumi.Output.all(
        account=aws.get_caller_identity_output(opts=options).account_id,
        region=aws.get_region_output(opts=options).region,
        partition=aws.get_partition_output(opts=options).partition,
    ).apply(lambda known: Environment(**known))
