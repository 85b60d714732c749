"""Alarms that all work alike."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from ..fleet.alarms import PERIOD_SECONDS, AlarmDefinition


def metric_alarm(
    name: str,
    alarm: AlarmDefinition,
    *,
    namespace: str,
    dimensions: Mapping[str, pulumi.Input[str]] | None,
    actions: pulumi.Input[list[pulumi.Input[str]]] | None,
    parent: pulumi.Resource,
) -> aws.cloudwatch.MetricAlarm:
    """Define an alarm that goes off at once and stays quiet while there is nothing to measure."""
    return aws.cloudwatch.MetricAlarm(
        f"{name}-{alarm.name.lower()}-alarm",
        namespace=namespace,
        metric_name=alarm.metric_name,
        dimensions=dimensions,
        statistic=alarm.statistic,
        period=PERIOD_SECONDS,
        threshold=alarm.threshold,
        comparison_operator="GreaterThanOrEqualToThreshold",
        evaluation_periods=1,
        alarm_description=alarm.description,
        treat_missing_data="notBreaching",
        alarm_actions=actions,
        opts=pulumi.ResourceOptions(parent=parent),
    )
