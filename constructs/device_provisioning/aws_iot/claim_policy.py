"""The AWS IoT policy of a claim certificate: enrol through one template, and nothing else."""

from collections.abc import Sequence
from enum import StrEnum

from .environment import Environment
from .statements import Document, allow, policy_document
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
    client_id_pattern: str = "claim-*",
) -> Document:
    """Allow what provisioning by claim needs on one template's topics.

    Args:
        template_name: The template that devices register through.
        environment: Where the devices connect.
        certificate_sources: ``create`` (AWS IoT makes the key), ``create-from-csr`` (the key never leaves
            the device) or both; ``create`` by default. One does not match the other's topics.
        payload_formats: JSON, CBOR or both; JSON by default.
        client_id_pattern: The client ids that a claim connection may use; ``claim-*`` by default, so that a
            stolen claim certificate cannot take over the connection of a provisioned device.

    Raises:
        ValueError: If no source or no format is given.

    Example:
        >>> document = claim_policy("sensors", Environment("111122223333", "eu-west-1"))
        >>> document["Statement"][1]["Resource"][0]
        'arn:aws:iot:eu-west-1:111122223333:topic/$aws/certificates/create/json'
    """
    _require(certificate_sources, "certificate_sources", CertificateSource)
    _require(payload_formats, "payload_formats", PayloadFormat)
    requests = [
        *(f"$aws/certificates/{source}" for source in dict.fromkeys(certificate_sources)),
        f"$aws/provisioning-templates/{template_name}/provision",
    ]
    formats = dict.fromkeys(payload_formats)
    # Two formats are all there are: one wildcard for both keeps the document within 2,048 characters.
    endings = ["*"] if len(formats) == len(PayloadFormat) else [str(name) for name in formats]
    published = [f"{request}/{ending}" for request in requests for ending in endings]
    received = [topic if topic.endswith("*") else f"{topic}/*" for topic in published]
    client = environment.iot_arn(f"client/{client_id_pattern}")
    return policy_document(
        [
            allow("ClaimClientId", ["iot:Connect"], [client]),
            *topic_statements(environment, published, received),
        ]
    )


def _require(given: Sequence[str], setting: str, allowed: type[StrEnum]) -> None:
    names = ", ".join(allowed)
    unknown = [value for value in given if value not in list(allowed)]
    if unknown or not given:
        raise ValueError(f"{setting} is {list(map(str, given))}: give at least one of {names}")
