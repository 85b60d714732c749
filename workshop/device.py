"""A device: the AWS IoT Device SDK v2 over mutual TLS.

https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
"""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from awscrt import mqtt
from awsiot import iotidentity, mqtt_connection_builder

from device_provisioning.verification.identity import key_and_csr

SECONDS = 20
QOS = mqtt.QoS.AT_LEAST_ONCE


@dataclass(frozen=True)
class Broker:
    """Where devices connect to.

    Args:
        host: The endpoint's name.
        port: Its port.
        trust_store: The certificate authorities that the device trusts, in PEM.
    """

    host: str
    port: int
    trust_store: bytes


@dataclass(frozen=True)
class Credentials:
    """A certificate and its key, in PEM."""

    certificate_pem: str
    private_key: str


@dataclass(frozen=True)
class Provisioned:
    """What a device has once it is registered.

    Args:
        thing_name: Its thing, if the template makes one.
        certificate_id: Its certificate.
        credentials: Its certificate and key.
        device_configuration: What the template gave it.
    """

    thing_name: str | None
    certificate_id: str
    credentials: Credentials
    device_configuration: Mapping[str, str]


class Rejected(Exception):  # noqa: N818  # what AWS IoT calls it
    """AWS IoT rejected a request.

    Args:
        status_code: Such as 403.
        error_code: Such as ``AccessDenied``; AWS publishes no list of them.
        error_message: What it said.
    """

    def __init__(self, status_code: int, error_code: str, error_message: str) -> None:
        super().__init__(f"{status_code} {error_code}: {error_message}")
        self.status_code = status_code
        self.error_code = error_code
        self.error_message = error_message


def provision(
    broker: Broker,
    claim: Credentials,
    template_name: str,
    parameters: Mapping[str, str],
    *,
    own_key: bool = False,
    client_id: str | None = None,
) -> Provisioned:
    """Enrol: connect with the claim, obtain a certificate, register.

    Args:
        broker: Where to connect to.
        claim: The claim certificate.
        template_name: The template to register through.
        parameters: What the template asks for.
        own_key: Whether the device makes its key itself and sends a CSR; no by default.
        client_id: The client id; ``claim-`` and something random by default.

    Raises:
        Rejected: If AWS IoT rejects a request.
        TimeoutError: If it does not answer.
    """
    with connected(broker, claim, client_id or f"claim-{uuid.uuid4().hex[:12]}") as connection:
        identity = iotidentity.IotIdentityClient(connection)
        if own_key:
            certificate, credentials = create_certificate_from_csr(identity)
        else:
            certificate, credentials = create_keys_and_certificate(identity)
        token = certificate.certificate_ownership_token
        registered = register_thing(identity, template_name, token, parameters)
    return Provisioned(
        registered.thing_name,
        certificate.certificate_id,
        credentials,
        registered.device_configuration or {},
    )


@contextmanager
def connected(broker: Broker, credentials: Credentials, client_id: str) -> Iterator[mqtt.Connection]:
    """A connection over mutual TLS that is closed at the end."""
    connection = mqtt_connection_builder.mtls_from_bytes(
        cert_bytes=credentials.certificate_pem.encode(),
        pri_key_bytes=credentials.private_key.encode(),
        ca_bytes=broker.trust_store,
        endpoint=broker.host,
        port=broker.port,
        client_id=client_id,
        clean_session=True,
        keep_alive_secs=30,
        ping_timeout_ms=3000,
        protocol_operation_timeout_ms=SECONDS * 1000,
    )
    connection.connect().result(SECONDS)
    try:
        yield connection
    finally:
        connection.disconnect().result(SECONDS)


def create_keys_and_certificate(identity: iotidentity.IotIdentityClient) -> tuple[Any, Credentials]:
    """Let AWS IoT make key and certificate."""
    answer = _asked(
        iotidentity.CreateKeysAndCertificateSubscriptionRequest(),
        identity.subscribe_to_create_keys_and_certificate_accepted,
        identity.subscribe_to_create_keys_and_certificate_rejected,
        lambda: identity.publish_create_keys_and_certificate(
            iotidentity.CreateKeysAndCertificateRequest(), QOS
        ),
    )
    return answer, Credentials(answer.certificate_pem, answer.private_key)


def create_certificate_from_csr(identity: iotidentity.IotIdentityClient) -> tuple[Any, Credentials]:
    """Make a key that never leaves the device, and let AWS IoT sign a certificate for it."""
    private_key, csr = key_and_csr()
    answer = _asked(
        iotidentity.CreateCertificateFromCsrSubscriptionRequest(),
        identity.subscribe_to_create_certificate_from_csr_accepted,
        identity.subscribe_to_create_certificate_from_csr_rejected,
        lambda: identity.publish_create_certificate_from_csr(
            iotidentity.CreateCertificateFromCsrRequest(certificate_signing_request=csr), QOS
        ),
    )
    return answer, Credentials(answer.certificate_pem, private_key)


def register_thing(
    identity: iotidentity.IotIdentityClient, template_name: str, token: str, parameters: Mapping[str, str]
) -> Any:
    """Register through a template."""
    return _asked(
        iotidentity.RegisterThingSubscriptionRequest(template_name=template_name),
        identity.subscribe_to_register_thing_accepted,
        identity.subscribe_to_register_thing_rejected,
        lambda: identity.publish_register_thing(
            iotidentity.RegisterThingRequest(
                template_name=template_name, certificate_ownership_token=token, parameters=dict(parameters)
            ),
            QOS,
        ),
    )


def send_to_itself(broker: Broker, credentials: Credentials, thing_name: str, topic: str) -> float:
    """Connect as the thing, publish to a topic that it subscribes to; the seconds until the message is back.

    Raises:
        TimeoutError: If the message does not come back.
        RuntimeError: If the subscription is refused or something else comes back.
    """
    message, received = uuid.uuid4().bytes, Future[bytes]()
    with connected(broker, credentials, thing_name) as connection:
        started = time.perf_counter()

        def arrived(payload: bytes, **_: Any) -> None:
            received.set_result(payload)

        connection.subscribe(topic, QOS, arrived)[0].result(SECONDS)
        connection.publish(topic, message, QOS)[0].result(SECONDS)
        if received.result(SECONDS) != message:
            raise RuntimeError(f"another message than the one that was sent came back on {topic}")
        return time.perf_counter() - started


def _asked(
    request: Any, accepted: Callable[..., Any], rejected: Callable[..., Any], publish: Callable[[], Any]
) -> Any:
    """Subscribe to both answers, then ask, then wait."""
    answer = Future[Any]()

    def refuse(error: Any) -> None:
        answer.set_exception(Rejected(error.status_code, error.error_code, error.error_message))

    accepted(request, QOS, answer.set_result)[0].result(SECONDS)
    rejected(request, QOS, refuse)[0].result(SECONDS)
    publish().result(SECONDS)
    return answer.result(SECONDS)
