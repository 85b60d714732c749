"""One device: it enrols itself once, and then connects as its thing.

    uv run device.py TEMPLATE SERIAL_NUMBER --claim line --folder line/A-0001

It keeps what it has got in its folder and goes on from there, whenever it starts again. If the factory put a
key and a CSR there, the key never leaves the device; otherwise AWS IoT makes one.
"""

import argparse
import json
import os
import random
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from awscrt import mqtt5, mqtt_request_response
from awsiot import V2ServiceException, iotidentity, mqtt5_client_builder

T = TypeVar("T")
SECONDS = 20
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, ATTEMPTS = 1.0, 300.0, 12
TRUSTED = os.environ.get("CA_FILE")
"""The CAs that it trusts; by default those of this machine."""


class HopelessError(Exception):
    """Asking again would change nothing."""


class RefusedError(Exception):
    """AWS IoT refused a request.

    Args:
        code: Such as ``AccessDenied``.
        message: What it said.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


HOPELESS = {"InvalidParameters", "InvalidPayload", "InvalidCertificateSigningRequest"}
"""What only another program, or another template, could fix."""


def patiently(
    attempt: Callable[[], T],
    *,
    attempts: int = ATTEMPTS,
    wait: Callable[[float], None] = time.sleep,
    chosen: Callable[[float, float], float] = random.uniform,
) -> T:
    """Try until it works, and wait before each further time: longer each time, each device another time.

    A thousand devices that come back at the same moment would be throttled together again and again.

    Args:
        attempt: What to try.
        attempts: How often.
        wait: Waits some seconds.
        chosen: Chooses between two numbers.

    Raises:
        HopelessError: If it can't work, or did not as often as it was tried.
    """
    for number in range(1, attempts + 1):
        try:
            return attempt()
        except HopelessError:
            raise
        except Exception as error:  # whatever it was, it may be over
            print(f"attempt {number}: {error or type(error).__name__}", flush=True)
        if number < attempts:
            wait(chosen(0, min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**number)))
    raise HopelessError(f"gave up after {attempts} attempts")


class Kept:
    """What a device keeps; key and token are for its owner only.

    Args:
        folder: Where.
    """

    def __init__(self, folder: Path) -> None:
        self.key, self.csr = folder / "device.key", folder / "device.csr"
        self.certificate, self.token = folder / "device.pem", folder / "token"
        self.registered = folder / "registered.json"

    def write(self, path: Path, text: str) -> None:
        """Write a file whole, or not at all."""
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_text(text)
        part.replace(path)

    def forget_certificate(self) -> None:
        """Ask for another certificate the next time."""
        self.certificate.unlink(missing_ok=True)


@contextmanager
def connected(endpoint: str, certificate: Path, key: Path, client_id: str) -> Iterator[mqtt5.Client]:
    """A connection that is closed at the end."""
    opened: Future[None] = Future()
    stopped: Future[None] = Future()
    host, _, port = endpoint.partition(":")

    def failed(data: mqtt5.LifecycleConnectFailureData) -> None:
        if not opened.done():
            opened.set_exception(ConnectionError(str(data.exception)))

    def succeeded(_data: mqtt5.LifecycleConnectSuccessData) -> None:
        if not opened.done():
            opened.set_result(None)

    client = mqtt5_client_builder.mtls_from_path(
        str(certificate),
        str(key),
        endpoint=host,
        port=int(port or 8883),
        client_id=client_id,
        on_lifecycle_connection_success=succeeded,
        on_lifecycle_connection_failure=failed,
        on_lifecycle_stopped=lambda _: stopped.set_result(None),
        **({"ca_filepath": TRUSTED} if TRUSTED else {}),
    )
    client.start()
    try:
        opened.result(SECONDS)
        yield client
    finally:
        client.stop()
        stopped.result(SECONDS)


def answer_to(asked: Future[T]) -> T:
    """The answer to a request.

    Raises:
        RefusedError: If AWS IoT refused it.
        HopelessError: If asking again would change nothing.
    """
    try:
        return asked.result(SECONDS + 5)
    except V2ServiceException as error:
        said = error.modeled_error
        if said is None:
            raise ConnectionError(str(error.inner_error)) from None
        if said.error_code in HOPELESS:
            raise HopelessError(f"{said.error_code}: {said.error_message}") from None
        raise RefusedError(str(said.error_code), str(said.error_message)) from None


class Enrolment:
    """How a device enrols.

    Args:
        template_name: The template that it registers through.
        parameters: What it says of itself, its serial number among it.
        claim: The folder with ``claim.pem``, ``claim.key`` and ``endpoint``.
        kept: What the device keeps.
    """

    def __init__(self, template_name: str, parameters: dict[str, str], claim: Path, kept: Kept) -> None:
        self._template_name, self._parameters = template_name, parameters
        self._claim, self._kept = claim, kept
        self.endpoint = (claim / "endpoint").read_text().strip()

    def attempt(self) -> str:
        """Go on where it stopped; gives the name of the thing."""
        if not self._kept.registered.exists():
            client_id = f"claim-{uuid.uuid4().hex[:12]}"
            with connected(
                self.endpoint, self._claim / "claim.pem", self._claim / "claim.key", client_id
            ) as client:
                self._enrol(client)
        return str(json.loads(self._kept.registered.read_text())["thingName"])

    def _enrol(self, client: mqtt5.Client) -> None:
        options = mqtt_request_response.ClientOptions(
            max_request_response_subscriptions=4,
            max_streaming_subscriptions=0,
            operation_timeout_in_seconds=SECONDS,
        )
        identity = iotidentity.IotIdentityClientV2(client, options)
        if not self._kept.certificate.exists():
            self._obtain(identity)
        request = iotidentity.RegisterThingRequest(
            template_name=self._template_name,
            certificate_ownership_token=self._kept.token.read_text(),
            parameters=self._parameters,
        )
        try:
            registered = answer_to(identity.register_thing(request))
        except RefusedError as refusal:
            if refusal.code == "InvalidCertificateOwnershipToken":
                self._kept.forget_certificate()  # it is older than an hour
            raise
        answer = {"thingName": registered.thing_name, "configuration": registered.device_configuration or {}}
        self._kept.write(self._kept.registered, json.dumps(answer))

    def _obtain(self, identity: iotidentity.IotIdentityClientV2) -> None:
        """Keep key, token and certificate before registering: its answer may be lost, and count."""
        if self._kept.csr.exists():
            request = iotidentity.CreateCertificateFromCsrRequest(
                certificate_signing_request=self._kept.csr.read_text()
            )
            obtained = answer_to(identity.create_certificate_from_csr(request))
        else:
            obtained = answer_to(
                identity.create_keys_and_certificate(iotidentity.CreateKeysAndCertificateRequest())
            )
            self._kept.write(self._kept.key, obtained.private_key)
        self._kept.write(self._kept.token, obtained.certificate_ownership_token)
        self._kept.write(self._kept.certificate, obtained.certificate_pem)


def say_hello(endpoint: str, kept: Kept, thing_name: str) -> None:
    """Connect as the thing, and publish to a topic of its own."""
    with connected(endpoint, kept.certificate, kept.key, thing_name) as client:
        packet = mqtt5.PublishPacket(
            topic=f"dt/{thing_name}/hello", payload=b"{}", qos=mqtt5.QoS.AT_LEAST_ONCE
        )
        puback = client.publish(packet).result(SECONDS).puback
        if puback and puback.reason_code.value >= 0x80:
            raise RefusedError(puback.reason_code.name, packet.topic)


def main(arguments: Sequence[str] | None = None) -> None:
    """Enrol, and say hello."""
    parser = argparse.ArgumentParser(description="Enrol one device.")
    parser.add_argument("template_name", metavar="TEMPLATE")
    parser.add_argument("serial_number", metavar="SERIAL_NUMBER")
    parser.add_argument("--claim", type=Path, default=Path("line"), help="claim.pem, claim.key, endpoint")
    parser.add_argument("--folder", type=Path, default=Path(), help="what the device keeps")
    parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--attempts", type=int, default=ATTEMPTS)
    given = parser.parse_args(arguments)
    parameters = dict(pair.split("=", 1) for pair in given.parameter) | {"SerialNumber": given.serial_number}
    kept = Kept(given.folder)
    enrolment = Enrolment(given.template_name, parameters, given.claim, kept)
    try:
        thing_name = patiently(enrolment.attempt, attempts=given.attempts)
        patiently(lambda: say_hello(enrolment.endpoint, kept, thing_name), attempts=given.attempts)
    except HopelessError as error:
        raise SystemExit(str(error)) from None
    print(f"{thing_name} is registered and has said hello")


if __name__ == "__main__":
    main()
