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

    return [
        allow("Publish", ["iot:Publish"], arns("topic", published)),
        allow("Receive", ["iot:Receive"], arns("topic", received)),
        allow("Subscribe", ["iot:Subscribe"], arns("topicfilter", received)),
    ]
