"""What is promised of devices that replace their own certificates."""

from ..aws_iot.certificate_rotation import confirmation_topic
from .device import Refused, answer_to
from .fleet import Device, Fleet
from .identity import Certificate, Identity
from .promise import Promise, kept
from .waiting import first

SECONDS_TO_RETIRE = 60
HANGUP = "AWS_ERROR_MQTT_UNEXPECTED_HANGUP"
"""What the SDK says when the connection ends without a word."""


def _replaced(fleet: Fleet) -> str:
    device = fleet.enrolled(fleet.a_listed_serial_number())
    new = _second_certificate(fleet, device)
    topic = confirmation_topic(fleet.names.rotation_template, device.thing_name)
    with fleet.connected(device, new) as connection:
        connection.publish(topic)
        old = device.certificate.certificate_id
        first(lambda: True if fleet.status(old) != "ACTIVE" else None, SECONDS_TO_RETIRE)
    statuses = fleet.status(old), fleet.status(new.certificate_id)
    said = answer_to(lambda: _connect(fleet, device))
    answer = f"old certificate {statuses[0]}, new one {statuses[1]}, connect with the old one: {said}"
    return kept(statuses == ("INACTIVE", "ACTIVE") and said != "accepted", answer)


def _blocked(fleet: Fleet) -> str:
    device = fleet.enrolled(fleet.a_listed_serial_number())
    fleet.block(device.serial_number)
    said = answer_to(lambda: _second_certificate(fleet, device))
    return kept(said != "accepted", said)


def _second_certificate(fleet: Fleet, device: Device) -> Certificate:
    """A certificate that the device registers for itself.

    Raises:
        Refused: If AWS IoT does not register it.
    """
    with fleet.connected(device) as connection:
        identity = Identity(connection)
        new = identity.create_certificate_from_csr()
        fleet.certificates[new.certificate_id] = device.thing_name
        parameters = {"SerialNumber": device.serial_number}
        answer = identity.register(fleet.names.rotation_template, new.token, parameters)
    if answer.thing_name != device.thing_name:
        raise Refused(f"registered as {answer.thing_name}, not as {device.thing_name}")
    return new


def _connect(fleet: Fleet, device: Device) -> None:
    with fleet.connected(device):
        pass


PROMISES = (
    Promise(
        "A device replaces its certificate; the old one ends when the new one is confirmed.",
        _replaced,
        "old certificate INACTIVE, new one ACTIVE, connect with the old one: " + HANGUP,
    ),
    Promise("A device that is blocked replaces nothing.", _blocked, "403 AccessDenied"),
)
