"""What is watched of a pre-provisioning hook."""

from dataclasses import dataclass

PERIOD_SECONDS = 300


@dataclass(frozen=True)
class HookAlarm:
    """An alarm on a metric of the hook's function, raised when the metric reaches the threshold.

    Args:
        name: What tells it from the others.
        metric_name: A metric that AWS Lambda emits
            (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html).
        statistic: How five minutes of it are summed up.
        threshold: From where on it is raised; milliseconds for durations.
        description: What it means.
    """

    name: str
    metric_name: str
    statistic: str
    threshold: int
    description: str


HOOK_ALARMS = (
    HookAlarm("Errors", "Errors", "Sum", 1, "The hook failed: devices are denied"),
    HookAlarm("Throttles", "Throttles", "Sum", 1, "The hook was throttled: devices are denied"),
    HookAlarm(
        "Duration", "Duration", "Maximum", 4000, "The hook needs over 4 of the 5 seconds that AWS IoT waits"
    ),
)
