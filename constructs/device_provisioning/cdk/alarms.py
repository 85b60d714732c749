"""Alarms that all work alike."""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

Watched = tuple[str, cloudwatch.IMetric, float, str]
"""The id of an alarm, what it watches, from which value on it goes off, and what that means."""


def alarms(
    scope: Construct, watched: Sequence[Watched], actions: Sequence[cloudwatch.IAlarmAction]
) -> list[cloudwatch.Alarm]:
    """Define alarms that go off at once and stay quiet while there is nothing to measure.

    Args:
        scope: What is watched.
        watched: The alarms.
        actions: What they do: nobody would hear alarms without any.
    """
    made: list[cloudwatch.Alarm] = []
    for alarm_id, metric, threshold, description in watched:
        alarm = cloudwatch.Alarm(
            scope,
            alarm_id,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            alarm_description=description,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(*actions)
        made.append(alarm)
    return made
