"""The provisioning API of AWS IoT, as a device uses it."""

from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from typing import Any

from awscrt import mqtt_request_response
from awsiot import V2ServiceException, iotidentity

from .device import SECONDS, Connection, Credentials, Refused


@dataclass(frozen=True)
class Certificate:
    """A certificate that AWS IoT has made for a device.

    Args:
        certificate_id: Its id.
        credentials: It, and its key.
        token: What registers it.
    """

    certificate_id: str
    credentials: Credentials
    token: str


@dataclass(frozen=True)
class Registered:
    """What AWS IoT answers to a device that it registered."""

    thing_name: str | None
    device_configuration: Mapping[str, str]


class Identity:
    """The operations of a connection."""

    def __init__(self, connection: Connection) -> None:
        options = mqtt_request_response.ClientOptions(
            max_request_response_subscriptions=6,
            max_streaming_subscriptions=0,
            operation_timeout_in_seconds=SECONDS,
        )
        self._client = iotidentity.IotIdentityClientV2(connection.client, options)

    def create_keys_and_certificate(self) -> Certificate:
        """Let AWS IoT make key and certificate.

        Raises:
            Refused: If it does not.
        """
        request = iotidentity.CreateKeysAndCertificateRequest()
        answer = _answer(self._client.create_keys_and_certificate(request))
        credentials = Credentials(answer.certificate_pem, answer.private_key)
        return Certificate(answer.certificate_id, credentials, answer.certificate_ownership_token)

    def create_certificate_from_csr(self) -> Certificate:
        """Make a key that never leaves the device, and let AWS IoT sign a certificate for it.

        Raises:
            Refused: If it does not.
        """
        private_key, csr = key_and_csr()
        request = iotidentity.CreateCertificateFromCsrRequest(certificate_signing_request=csr)
        answer = _answer(self._client.create_certificate_from_csr(request))
        credentials = Credentials(answer.certificate_pem, private_key)
        return Certificate(answer.certificate_id, credentials, answer.certificate_ownership_token)

    def register(self, template_name: str, token: str, parameters: Mapping[str, str]) -> Registered:
        """Register through a template.

        Raises:
            Refused: If AWS IoT does not register it.
        """
        request = iotidentity.RegisterThingRequest(
            template_name=template_name, certificate_ownership_token=token, parameters=dict(parameters)
        )
        answer = _answer(self._client.register_thing(request))
        return Registered(answer.thing_name, answer.device_configuration or {})


def key_and_csr() -> tuple[str, str]:
    """A new key, and a request for a certificate that belongs to it, in PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    csr = x509.CertificateSigningRequestBuilder(x509.Name([])).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private_key = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private_key.decode(), csr.public_bytes(pem).decode()


def _answer(asked: "Future[Any]") -> Any:
    try:
        return asked.result(SECONDS + 5)
    except V2ServiceException as error:
        said = error.modeled_error
        raise Refused(f"{said.status_code} {said.error_code}" if said else str(error.inner_error)) from None
    except Late:
        raise Refused(f"no answer within {SECONDS} seconds") from None
