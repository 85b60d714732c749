"""An MQTT client without a mind of its own: it does one thing at a time and reports what it hears.

Nothing is tried again, nothing subscribed to by itself. To hear nothing is an error, never an observation:
what is refused is heard as a code or as the end of the connection.
"""

import queue
from contextlib import contextmanager
from dataclasses import dataclass

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from workshop.core_device import mutual_tls

SECONDS = 20
V3, V5 = MQTTProtocolVersion.MQTTv311, MQTTProtocolVersion.MQTTv5
FAILURE, NOT_AUTHORIZED = 0x80, 0x87


@dataclass(frozen=True)
class Message:
    topic: str
    payload: bytes


@dataclass(frozen=True)
class Acknowledged:
    """A broker's answer to CONNECT, SUBSCRIBE, UNSUBSCRIBE or PUBLISH."""

    packet: str
    codes: tuple[int, ...]


@dataclass(frozen=True)
class Closed:
    """The broker ended the connection; on MQTT 5 it may have said why, in a DISCONNECT."""

    code: int | None = None


class Connection:
    """A connection to a broker.

    Args:
        broker: Where to.
        credentials: The certificate and key to present.
        client_id: The client id.
        protocol: ``V3``, which is MQTT 3.1.1, or ``V5``.
        will: The topic that the broker is to publish to when the connection breaks; none by default.
    """

    def __init__(self, broker, credentials, client_id, protocol=V5, will=None):
        self.protocol = protocol
        self._heard, self._messages = queue.SimpleQueue(), queue.SimpleQueue()
        self._client = client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id, protocol=protocol, reconnect_on_failure=False
        )
        client.tls_set_context(mutual_tls(broker, credentials))
        if will:
            client.will_set(will, b"will", qos=1)
        client.on_connect = lambda _c, _u, _f, code, _p: self._acknowledged("CONNACK", [code])
        client.on_subscribe = lambda _c, _u, _m, codes, _p: self._acknowledged("SUBACK", codes)
        client.on_unsubscribe = lambda _c, _u, _m, codes, _p: self._acknowledged("UNSUBACK", codes)
        client.on_publish = lambda _c, _u, _m, code, _p: self._acknowledged("PUBACK", [code])
        client.on_message = lambda _c, _u, m: self._messages.put(Message(m.topic, m.payload))
        client.on_disconnect = self._ended
        client.connect(broker.host, broker.port)
        client.loop_start()
        self.connack = self._next()

    def subscribe(self, *filters):
        """Subscribe to all of them in one packet."""
        options = SubscribeOptions(qos=1) if self.protocol == V5 else 1
        self._client.subscribe([(each, options) for each in filters])
        return self._next()

    def unsubscribe(self, *filters):
        self._client.unsubscribe(list(filters))
        return self._next()

    def publish(self, topic, payload=b""):
        """Publish at least once."""
        self._client.publish(topic, payload, qos=1)
        return self._next()

    def receive(self):
        """The next message, or the end of the connection."""
        return self._messages.get(timeout=SECONDS)

    def unread(self):
        """How many messages have come that nobody has received."""
        return self._messages.qsize()

    def break_off(self):
        """End it as a power cut does: without a word."""
        self._client.socket().close()
        self._client.loop_stop()

    def disconnect(self):
        self._client.disconnect()
        self._client.loop_stop()

    def _acknowledged(self, packet, codes):
        self._heard.put(Acknowledged(packet, tuple(code.value for code in codes)))

    def _ended(self, _client, _userdata, flags, code, _properties):
        closed = Closed(code.value if flags.is_disconnect_packet_from_server else None)
        self._heard.put(closed)
        self._messages.put(closed)

    def _next(self):
        return self._heard.get(timeout=SECONDS)


@contextmanager
def connected(broker, credentials, client_id, protocol=V5):
    """A connection that was accepted, and is closed at the end."""
    connection = Connection(broker, credentials, client_id, protocol)
    assert connection.connack == Acknowledged("CONNACK", (0,)), connection.connack
    try:
        yield connection
    finally:
        connection.disconnect()


def accepts(broker, credentials, client_id):
    """Whether a broker accepts a connection."""
    connection = Connection(broker, credentials, client_id)
    connection.disconnect()
    return was_granted(connection.connack)


def was_granted(heard):
    """Whether a broker's answer grants what was asked for."""
    return isinstance(heard, Acknowledged) and max(heard.codes) < FAILURE
