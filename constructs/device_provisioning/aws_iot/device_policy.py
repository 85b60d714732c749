"""The AWS IoT policy that a provisioned device's certificate gets."""

from collections.abc import Sequence

from .certificate_rotation import rotation_statements
from .environment import Environment
from .statements import Document, Statement, allow, policy_document
from .topic_statements import THING_NAME, topic_statements


def device_policy(
    environment: Environment,
    *,
    topic_prefix: str | None = "dt",
    shadow: bool = False,
    jobs: bool = False,
    rotation_template_name: str | None = None,
    statements: Sequence[Statement] = (),
) -> Document:
    """Allow a device its own client id and, under it, only topics that carry its own thing name.

    Args:
        environment: Where the device connects.
        topic_prefix: The device may publish to and receive from ``PREFIX/THING_NAME/*``; ``dt`` by default,
            ``None`` for no topics of its own.
        shadow: Whether the device may use its own shadows, named ones included; no by default.
        jobs: Whether the device may use its own jobs; no by default.
        rotation_template_name: The template of a certificate rotation through which the device may replace
            its own certificate; none by default.
        statements: Further statements of yours.

    Policy variables: https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html

    Example:
        >>> document = device_policy(Environment("111122223333", "eu-west-1"), topic_prefix="factory")
        >>> document["Statement"][0]["Resource"]
        'arn:aws:iot:eu-west-1:111122223333:client/${iot:Connection.Thing.ThingName}'
    """
    topics = [
        *([f"{topic_prefix}/{THING_NAME}/*"] if topic_prefix else []),
        *([f"$aws/things/{THING_NAME}/shadow/*"] if shadow else []),
        *([f"$aws/things/{THING_NAME}/jobs/*"] if jobs else []),
    ]
    attached = {"Bool": {"iot:Connection.Thing.IsAttached": ["true"]}}
    return policy_document(
        [
            allow("OwnClientId", ["iot:Connect"], [environment.iot_arn(f"client/{THING_NAME}")], attached),
            *topic_statements(environment, topics, topics),
            *(rotation_statements(rotation_template_name, environment) if rotation_template_name else []),
            *statements,
        ]
    )
