"""The AWS IoT policy of a claim certificate: enrol through one template, and nothing else."""

from collections.abc import Sequence
from enum import StrEnum

from .claim_client_ids import CLAIM_CLIENT_ID_PATTERNS, denied_client_ids, require_client_id_patterns
from .environment import Environment
from .limits import LONGEST_TEMPLATE_NAME
from .policy_size import require_policy_size
from .statements import Document, allow, deny, policy_document
from .topic_statements import topic_statements


class CertificateSource(StrEnum):
    """How a device obtains its certificate over MQTT.

    https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
    """

    CREATE = "create"
    CREATE_FROM_CSR = "create-from-csr"


class PayloadFormat(StrEnum):
    """How the payloads of the provisioning API are written."""

    JSON = "json"
    CBOR = "cbor"


def claim_policy(
    template_name: str,
    environment: Environment,
    *,
    certificate_sources: Sequence[CertificateSource] = (CertificateSource.CREATE,),
    payload_formats: Sequence[PayloadFormat] = (PayloadFormat.JSON,),
    client_id_patterns: Sequence[str] = CLAIM_CLIENT_ID_PATTERNS,
    thing_name_patterns: Sequence[str] = (),
) -> Document:
    """Allow what provisioning by claim needs on one template's topics.

    Args:
        template_name: The template that devices register through.
        environment: Where the devices connect.
        certificate_sources: ``create`` (AWS IoT makes the key), ``create-from-csr`` (the key never leaves
            the device) or both; ``create`` by default. One does not match the other's topics.
        payload_formats: JSON, CBOR or both; JSON by default.
        client_id_patterns: The client ids that a claim connection may use, with ``*`` and ``?``; ``claim-*``
            by default, so that a stolen claim certificate cannot take over the connection of a provisioned
            device.
        thing_name_patterns: Names of things, such as ``sensor-*``: those that client ids could be are denied;
            none by default.

    Raises:
        ValueError: If no source, no format or no client id is given, client ids that are denied, or so
            many that the document is too long.

    Example:
        >>> document = claim_policy("sensors", Environment("111122223333", "eu-west-1"))
        >>> document["Statement"][1]["Resource"][0]
        'arn:aws:iot:eu-west-1:111122223333:topic/$aws/certificates/create/json'
    """
    require_claim_choices(certificate_sources, payload_formats)
    published = request_topics(template_name, certificate_sources, payload_formats)
    received = [topic if topic.endswith("*") else f"{topic}/*" for topic in published]
    require_client_id_patterns(client_id_patterns, thing_name_patterns)
    clients = dict.fromkeys(client_id_patterns)
    denied = denied_client_ids(client_id_patterns, thing_name_patterns)
    document = policy_document(
        [
            allow(
                "ClaimClientId", ["iot:Connect"], [environment.iot_arn(f"client/{id_}") for id_ in clients]
            ),
            deny(
                "NamesOfThings", ["iot:Connect"], [environment.iot_arn(f"client/{name}") for name in denied]
            ),
            *topic_statements(environment, published, received),
        ]
    )
    return require_policy_size(
        document,
        environment,
        whose="the claim",
        advice="a shorter template_name, or fewer or shorter patterns of client ids or thing names",
        longest={template_name: LONGEST_TEMPLATE_NAME},
    )


def request_topics(
    template_name: str, certificate_sources: Sequence[str], payload_formats: Sequence[str]
) -> list[str]:
    """The topics that a device asks on for a certificate, and to be registered with it.

    Args:
        template_name: The template that devices register through.
        certificate_sources: How they obtain their certificates.
        payload_formats: How their payloads are written.
    """
    requests = [
        *(f"$aws/certificates/{source}" for source in dict.fromkeys(certificate_sources)),
        f"$aws/provisioning-templates/{template_name}/provision",
    ]
    formats = dict.fromkeys(payload_formats)
    # Two formats are all there are: one wildcard for both keeps the document within 2,048 characters.
    endings = ["*"] if len(formats) == len(PayloadFormat) else [str(name) for name in formats]
    return [f"{request}/{ending}" for request in requests for ending in endings]


def require_claim_choices(
    certificate_sources: Sequence[str], payload_formats: Sequence[str], *, prefix: str = ""
) -> None:
    """Refuse sources and formats that AWS IoT does not have, and a claim without any.

    Args:
        certificate_sources: How devices obtain their certificates.
        payload_formats: How their payloads are written.
        prefix: What the names of both settings begin with; nothing by default.

    Raises:
        ValueError: If one is unknown, or none is given.
    """
    _require(certificate_sources, f"{prefix}certificate_sources", CertificateSource)
    _require(payload_formats, f"{prefix}payload_formats", PayloadFormat)


def _require(given: Sequence[str], setting: str, allowed: type[StrEnum]) -> None:
    names = ", ".join(allowed)
    unknown = [value for value in given if value not in list(allowed)]
    if unknown or not given:
        raise ValueError(f"{setting} is {list(map(str, given))}: give at least one of {names}")
