"""The core's environment of a component."""

import pulumi
import pulumi_aws as aws

from ..aws_iot.environment import Environment


def environment_of(resource: pulumi.Resource) -> pulumi.Output[Environment]:
    """The account, Region and partition that the AWS provider of a component deploys to."""
    options = pulumi.InvokeOutputOptions(parent=resource)
    return pulumi.Output.all(
        account=aws.get_caller_identity_output(opts=options).account_id,
        region=aws.get_region_output(opts=options).region,
        partition=aws.get_partition_output(opts=options).partition,
    ).apply(lambda known: Environment(**known))
