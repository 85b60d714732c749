"""A device: the AWS IoT Device SDK v2, by MQTT 5 over mutual TLS."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from awscrt import mqtt5
from awsiot import mqtt5_client_builder

SECONDS = 20
# AWS IoT forgets what it refused within a second; the SDK would try again within that.
SECONDS_BEFORE_ANOTHER_TRY = 60
GRANTED = {mqtt5.SubackReasonCode.GRANTED_QOS_0, mqtt5.SubackReasonCode.GRANTED_QOS_1}


@dataclass(frozen=True)
class Broker:
    """Where devices connect to.

    Args:
        host: The endpoint's name.
        port: Its port.
        trust_store: The certificate authorities that a device trusts, in PEM; this machine's without.
    """

    host: str
    port: int
    trust_store: bytes | None = None


@dataclass(frozen=True)
class Credentials:
    """A certificate and its key, in PEM."""

    certificate_pem: str
    private_key: str


class Refused(Exception):  # noqa: N818  # what AWS calls it
    """AWS IoT refused something; the message is its answer, such as ``CONNACK NOT_AUTHORIZED``."""


class Connection:
    """A connection of a device.

    Attributes:
        client: The SDK's client.
    """

    def __init__(self, broker: Broker, credentials: Credentials, client_id: str) -> None:
        self._opened: Future[None] = Future()
        self._stopped: Future[None] = Future()
        self._lost: Future[str] = Future()
        self._received: Future[bytes] = Future()
        trusted = {"ca_bytes": broker.trust_store} if broker.trust_store else {}
        self.client = mqtt5_client_builder.mtls_from_bytes(
            credentials.certificate_pem.encode(),
            credentials.private_key.encode(),
            endpoint=broker.host,
            port=broker.port,
            client_id=client_id,
            connack_timeout_ms=SECONDS * 1000,
            min_reconnect_delay_ms=SECONDS_BEFORE_ANOTHER_TRY * 1000,
            max_reconnect_delay_ms=SECONDS_BEFORE_ANOTHER_TRY * 1000,
            on_lifecycle_connection_success=lambda _: _complete(self._opened, None),
            on_lifecycle_connection_failure=self._failed,
            on_lifecycle_disconnection=self._ended,
            on_lifecycle_stopped=lambda _: _complete(self._stopped, None),
            on_publish_received=lambda data: _complete(self._received, data.publish_packet.payload),
            **trusted,
        )

    def open(self) -> None:
        """Connect.

        Raises:
            Refused: If AWS IoT does not accept it.
        """
        self.client.start()
        self._within(self._opened, "CONNACK")

    def close(self) -> None:
        """Disconnect."""
        self.client.stop()
        self._stopped.result(SECONDS)

    def publish(self, topic: str, payload: bytes = b"{}") -> None:
        """Publish a message.

        Raises:
            Refused: If AWS IoT does not take it, or ends the connection over it.
        """
        packet = mqtt5.PublishPacket(topic=topic, payload=payload, qos=mqtt5.QoS.AT_LEAST_ONCE)
        answer = self._within(self.client.publish(packet), "PUBACK").puback
        if answer and answer.reason_code.value >= 0x80:
            raise Refused(f"PUBACK {answer.reason_code.name}")

    def subscribe(self, topic: str) -> None:
        """Subscribe to a topic.

        Raises:
            Refused: If AWS IoT does not grant it, or ends the connection over it.
        """
        packet = mqtt5.SubscribePacket([mqtt5.Subscription(topic, mqtt5.QoS.AT_LEAST_ONCE)])
        (code,) = self._within(self.client.subscribe(packet), "SUBACK").reason_codes
        if code not in GRANTED:
            raise Refused(f"SUBACK {code.name}")

    def received(self) -> bytes:
        """The first message that arrives.

        Raises:
            Refused: If none does.
        """
        message: bytes = self._within(self._received, "a message")
        return message

    def _within(self, answer: "Future[Any]", what: str) -> Any:
        try:
            return answer.result(SECONDS)
        except Late:
            raise Refused(f"no {what} within {SECONDS} seconds") from None
        except Refused:
            raise
        except Exception as error:
            raise Refused(self._why(error)) from None

    def _why(self, error: Exception) -> str:
        """What AWS IoT said as it ended the connection, else what the SDK says."""
        try:
            return self._lost.result(1)
        except Late:
            return str(error)

    def _failed(self, data: Any) -> None:
        answer = data.connack_packet
        text = f"CONNACK {answer.reason_code.name}" if answer else _short(data.exception)
        if not self._opened.done():
            self._opened.set_exception(Refused(text))

    def _ended(self, data: Any) -> None:
        packet = data.disconnect_packet
        _complete(self._lost, f"DISCONNECT {packet.reason_code.name}" if packet else _short(data.exception))


@contextmanager
def connected(broker: Broker, credentials: Credentials, client_id: str) -> Iterator[Connection]:
    """A connection that is closed at the end.

    Raises:
        Refused: If AWS IoT does not accept it.
    """
    connection = Connection(broker, credentials, client_id)
    try:
        connection.open()
        yield connection
    finally:
        connection.close()


def answer_to(ask: Callable[[], object]) -> str:
    """What AWS IoT answered: ``accepted``, or how it refused."""
    try:
        ask()
    except Refused as refusal:
        return str(refusal)
    return "accepted"


def _complete(future: "Future[Any]", value: Any) -> None:
    if not future.done():
        future.set_result(value)


def _short(error: object) -> str:
    """The SDK's name of an error without its explanation."""
    return str(getattr(error, "name", error))
