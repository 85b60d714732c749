"""The AWS IoT policy that a provisioned device's certificate gets."""

from collections.abc import Sequence

from .environment import Environment
from .statements import Document, Statement, allow, policy_document

THING_NAME = "${iot:Connection.Thing.ThingName}"


def device_policy(
    environment: Environment,
    *,
    topic_prefix: str | None = "dt",
    shadow: bool = False,
    jobs: bool = False,
    statements: Sequence[Statement] = (),
) -> Document:
    """Allow a device its own client id and, under it, only topics that carry its own thing name.

    Args:
        environment: Where the device connects.
        topic_prefix: The device may publish to and receive from ``PREFIX/THING_NAME/*``; ``dt`` by default,
            ``None`` for no topics of its own.
        shadow: Whether the device may use its own shadows, named ones included; no by default.
        jobs: Whether the device may use its own jobs; no by default.
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
            *statements,
        ]
    )


def topic_statements(
    environment: Environment, published: Sequence[str], received: Sequence[str]
) -> list[Statement | None]:
    """Allow topics: publish and receive name them as ``topic/``, subscribe as ``topicfilter/``."""

    def arns(kind: str, topics: Sequence[str]) -> list[str]:
        return [environment.iot_arn(f"{kind}/{topic}") for topic in topics]

    return [
        allow("Publish", ["iot:Publish"], arns("topic", published)),
        allow("Receive", ["iot:Receive"], arns("topic", received)),
        allow("Subscribe", ["iot:Subscribe"], arns("topicfilter", received)),
    ]
