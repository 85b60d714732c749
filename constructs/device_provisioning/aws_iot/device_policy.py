"""The AWS IoT policy that a provisioned device's certificate gets."""

from collections.abc import Sequence

from .certificate_rotation import confirmation_topic, rotation_topics
from .claim_policy import CertificateSource, PayloadFormat
from .device_policy_settings import require_device_policy_settings
from .environment import Environment
from .limits import LONGEST_TEMPLATE_NAME
from .policy_size import require_policy_size
from .statements import Document, Statement, allow, policy_document
from .topic_statements import THING_NAME, topic_statements


def device_policy(
    environment: Environment,
    *,
    topic_prefix: str | None = "dt",
    shadow: bool = False,
    jobs: bool = False,
    rotation_template_name: str | None = None,
    rotation_certificate_sources: Sequence[CertificateSource] = (CertificateSource.CREATE,),
    rotation_payload_formats: Sequence[PayloadFormat] = (PayloadFormat.JSON,),
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
        rotation_certificate_sources: How devices obtain their new certificates: ``create`` by default,
            ``create-from-csr`` or both.
        rotation_payload_formats: ``json``, ``cbor`` or both; JSON by default.
        statements: Further statements of yours.

    Raises:
        ValueError: If a setting is not accepted, if the rotation has no source or no format, or if the
            document is too long.

    Policy variables: https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html

    Example:
        >>> document = device_policy(Environment("111122223333", "eu-west-1"), topic_prefix="factory")
        >>> document["Statement"][0]["Resource"]
        'arn:aws:iot:eu-west-1:111122223333:client/${iot:Connection.Thing.ThingName}'
    """
    require_device_policy_settings(topic_prefix, rotation_template_name, statements)
    own = _own_topics(topic_prefix, shadow, jobs)
    rotation: list[str] = []
    confirmation: list[str] = []
    if rotation_template_name:
        rotation = rotation_topics(
            rotation_template_name, rotation_certificate_sources, rotation_payload_formats
        )
        confirmation = [confirmation_topic(rotation_template_name, THING_NAME)]
    attached = {"Bool": {"iot:Connection.Thing.IsAttached": ["true"]}}
    document = policy_document(
        [
            allow("OwnClientId", ["iot:Connect"], [environment.iot_arn(f"client/{THING_NAME}")], attached),
            *topic_statements(environment, [*own, *rotation, *confirmation], [*own, *rotation]),
            *statements,
        ]
    )
    return require_policy_size(
        document,
        environment,
        whose="the devices",
        advice="a shorter topic_prefix or rotation_template_name, or fewer statements",
        longest={rotation_template_name: LONGEST_TEMPLATE_NAME} if rotation_template_name else {},
    )


def _own_topics(topic_prefix: str | None, shadow: bool, jobs: bool) -> list[str]:
    return [
        *([f"{topic_prefix}/{THING_NAME}/*"] if topic_prefix else []),
        *([f"$aws/things/{THING_NAME}/shadow/*"] if shadow else []),
        *([f"$aws/things/{THING_NAME}/jobs/*"] if jobs else []),
    ]
