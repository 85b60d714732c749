"""What is promised of whom a certificate lets reach what."""

from .device import Credentials, answer_to, connected
from .fleet import Fleet
from .promise import Promise, kept

MESSAGE = b"hello"


def _own_topics(fleet: Fleet) -> str:
    device = fleet.enrolled(fleet.a_listed_serial_number())
    topic = f"dt/{device.thing_name}/hello"
    with fleet.connected(device) as connection:
        connection.subscribe(topic)
        connection.publish(topic, MESSAGE)
        heard = connection.received()
    return kept(
        heard == MESSAGE, "its message came back" if heard == MESSAGE else "another message came back"
    )


def _claim_elsewhere(fleet: Fleet) -> str:
    thing = f"{fleet.names.thing_name_prefix}1"
    answers = {
        "publish": _publishing(fleet, fleet.claim, "claim-1", f"dt/{thing}/hello"),
        "subscribe": _subscribing(fleet, fleet.claim, "claim-1", f"dt/{thing}/#"),
        "connect as a thing": _connecting(fleet, fleet.claim, thing),
        "another template": _publishing(
            fleet,
            fleet.claim,
            "claim-1",
            f"$aws/provisioning-templates/{fleet.names.rotation_template}/provision/json",
        ),
    }
    return _all_refused(answers)


def _device_elsewhere(fleet: Fleet) -> str:
    one, other = (fleet.enrolled(fleet.a_listed_serial_number()) for _ in range(2))
    own = one.certificate.credentials
    answers = {
        "publish": _publishing(fleet, own, one.thing_name, f"dt/{other.thing_name}/hello"),
        "subscribe": _subscribing(fleet, own, one.thing_name, f"dt/{other.thing_name}/#"),
        "connect as another": _connecting(fleet, own, other.thing_name),
    }
    return _all_refused(answers)


def _all_refused(answers: dict[str, str]) -> str:
    text = ", ".join(f"{what}: {answer}" for what, answer in answers.items())
    return kept("accepted" not in answers.values(), text)


def _publishing(fleet: Fleet, credentials: Credentials, client_id: str, topic: str) -> str:
    with connected(fleet.broker, credentials, client_id) as connection:
        return answer_to(lambda: connection.publish(topic))


def _subscribing(fleet: Fleet, credentials: Credentials, client_id: str, topic: str) -> str:
    with connected(fleet.broker, credentials, client_id) as connection:
        return answer_to(lambda: connection.subscribe(topic))


def _connecting(fleet: Fleet, credentials: Credentials, client_id: str) -> str:
    def connect() -> None:
        with connected(fleet.broker, credentials, client_id):
            pass

    return answer_to(connect)


PROMISES = (
    Promise(
        "A device connects with its own certificate, publishes to its own topic and hears it.",
        _own_topics,
        "its message came back",
    ),
    Promise(
        "A claim neither publishes nor listens elsewhere, and connects as no thing.",
        _claim_elsewhere,
        "publish: PUBACK NOT_AUTHORIZED, subscribe: SUBACK NOT_AUTHORIZED,"
        " connect as a thing: CONNACK NOT_AUTHORIZED, another template: PUBACK NOT_AUTHORIZED",
    ),
    Promise(
        "A device reaches no topic of another, and connects as no other.",
        _device_elsewhere,
        "publish: PUBACK NOT_AUTHORIZED, subscribe: SUBACK NOT_AUTHORIZED,"
        " connect as another: CONNACK NOT_AUTHORIZED",
    ),
)
