"""Rules of AWS IoT that invoke a function."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from .environment import environment_of


def invoking_rule(
    name: str,
    *,
    rule_name: pulumi.Output[str],
    sql: pulumi.Output[str],
    function: aws.lambda_.Function,
    parent: pulumi.Resource,
    error_action: aws.iot.TopicRuleErrorActionArgsDict | None = None,
    awaited: Sequence[pulumi.Resource] = (),
) -> aws.iot.TopicRule:
    """Define a rule, and before it the permission that it needs, so that not even the first message is lost.

    Args:
        name: What the names of the resources begin with.
        rule_name: The name of the rule: the permission names it, so it has to be known first.
        sql: Which messages it takes, and what of them.
        function: The function that it invokes.
        parent: The component above.
        error_action: What becomes of messages that can't be delivered; they are lost by default.
        awaited: What has to be in place before the rule, next to the permission; nothing by default.
    """
    environment = environment_of(parent)
    permission = aws.lambda_.Permission(
        f"{name}-invoke-permission",
        action="lambda:InvokeFunction",
        function=function.arn,
        principal="iot.amazonaws.com",
        source_account=environment.apply(lambda known: known.account),
        source_arn=pulumi.Output.all(environment, rule_name).apply(
            lambda known: known[0].iot_arn(f"rule/{known[1]}")
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return aws.iot.TopicRule(
        f"{name}-rule",
        name=rule_name,
        sql=sql,
        sql_version="2016-03-23",
        enabled=True,
        lambdas=[{"function_arn": function.arn}],
        error_action=error_action,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[permission, *awaited]),
    )
