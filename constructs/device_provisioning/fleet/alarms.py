"""What is watched: the alarms that both engines define."""

from dataclasses import dataclass

from .hook_settings import METRICS_NAMESPACE

PERIOD_SECONDS = 300


@dataclass(frozen=True)
class AlarmDefinition:
    """An alarm on a metric, raised when the metric reaches the threshold.

    Args:
        name: What distinguishes it from the others.
        metric_name: The metric.
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
    AlarmDefinition("Errors", "Errors", "Sum", 1, "The hook failed: devices are denied"),
    AlarmDefinition("Throttles", "Throttles", "Sum", 1, "The hook was throttled: devices are denied"),
    AlarmDefinition(
        "Duration",
        "Duration",
        "Maximum",
        4000,
        "The hook takes more than 4 of the 5 seconds that AWS IoT waits",
    ),
)
"""On metrics of the hook's function: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"""

FLEET_ALARMS = (
    (
        METRICS_NAMESPACE,
        AlarmDefinition(
            "Denials",
            "Denied",
            "Sum",
            20,
            "Many devices are denied: somebody tries serial numbers, or a batch is not on the list yet",
        ),
    ),
    (
        METRICS_NAMESPACE,
        AlarmDefinition(
            "Taken",
            "DeniedAsProvisioned",
            "Sum",
            1,
            "A device asked again under a serial number that is in use: its place was taken, or its key lost",
        ),
    ),
    (
        "AWS/IoT",
        AlarmDefinition(
            "RegistrationsFailed",
            "RegisterThingFailed",
            "Sum",
            20,
            "Many devices could not be registered: denied, or the body asks for something that is missing",
        ),
    ),
)
"""Each with the namespace of its metric, which has the dimension ``TemplateName``: ours are of the hook."""

JITP_ALARMS = (
    AlarmDefinition(
        "ClientError",
        "ProvisionThing.ClientError",
        "Sum",
        1,
        "A device could not be provisioned just in time: its certificate, the template or the role",
    ),
    AlarmDefinition(
        "ServerError",
        "ProvisionThing.ServerError",
        "Sum",
        1,
        "A device could not be provisioned just in time: AWS IoT failed, and the device has to try again",
    ),
)
"""On metrics of AWS IoT: https://docs.aws.amazon.com/iot/latest/developerguide/metrics_dimensions.html"""

REGISTRATION_ALARM = AlarmDefinition(
    "Errors", "Errors", "Sum", 1, "A device could not be registered just in time: it will be retried"
)
"""On a metric of the function of just-in-time registration."""

DEAD_LETTER_QUEUE_ALARM = AlarmDefinition(
    "DeadLetterQueue",
    "ApproximateNumberOfMessagesVisible",
    "Maximum",
    1,
    "Events of devices that could not be registered wait in the queue",
)
"""On a metric of its queue:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"""
