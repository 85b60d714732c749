"""Alarms that all work alike."""

from collections.abc import Iterable, Mapping

import pulumi
import pulumi_aws as aws

from ..fleet.alarms import PERIOD_SECONDS, AlarmDefinition

Watched = tuple[AlarmDefinition, str, Mapping[str, pulumi.Input[str]] | None]
"""An alarm, with the namespace and the dimensions of the metric that it watches."""


def metric_alarms(
    name: str,
    watched: Iterable[Watched],
    *,
    actions: pulumi.Input[list[pulumi.Input[str]]] | None,
    parent: pulumi.Resource,
) -> list[aws.cloudwatch.MetricAlarm]:
    """Define alarms that go off at once and stay quiet while there is nothing to measure.

    Args:
        name: What their names begin with.
        watched: The alarms.
        actions: What they do; without any there are no alarms, as nobody would hear them.
        parent: What is watched.
    """
    if actions is None or actions == []:
        return []
    return [
        aws.cloudwatch.MetricAlarm(
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
        for alarm, namespace, dimensions in watched
    ]
