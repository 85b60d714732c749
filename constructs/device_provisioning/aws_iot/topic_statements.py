"""Statements about the topics of AWS IoT, for the policies of devices and of claims."""

from collections.abc import Sequence

from .environment import Environment
from .statements import Statement, allow

THING_NAME = "${iot:Connection.Thing.ThingName}"
"""A policy variable: https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html."""


def topic_statements(
    environment: Environment, published: Sequence[str], received: Sequence[str]
) -> list[Statement | None]:
    """Allow topics: publish and receive name them as ``topic/``, subscribe as ``topicfilter/``."""

    def arns(kind: str, topics: Sequence[str]) -> list[str]:
        return [environment.iot_arn(f"{kind}/{topic}") for topic in topics]

    # A topic of both is named once: a policy has room for 2,048 characters.
    both = [topic for topic in published if topic in received]
    return [
        allow("PublishAndReceive", ["iot:Publish", "iot:Receive"], arns("topic", both)),
        allow("Publish", ["iot:Publish"], arns("topic", [one for one in published if one not in both])),
        allow("Receive", ["iot:Receive"], arns("topic", [one for one in received if one not in both])),
        allow("Subscribe", ["iot:Subscribe"], arns("topicfilter", received)),
    ]
