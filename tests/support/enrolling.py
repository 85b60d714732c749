"""Enrols as a client of `clients.py` does, packet by packet; reports how far it came and what it heard."""

import json
import uuid
from dataclasses import dataclass
from enum import StrEnum

import cbor2

from device_provisioning.verification.identity import key_and_csr
from tests.support.clients import Subscriptions
from tests.support.raw_mqtt import FAILURE, Acknowledged, Connection
from workshop.device import Credentials

DECODE = {"json": json.loads, "cbor": cbor2.loads}


def encoded(value, payload_format):
    return json.dumps(value).encode() if payload_format == "json" else cbor2.dumps(value)


class Stage(StrEnum):
    """What was refused, or that nothing was."""

    CONNECT = "CONNECT"
    SUBSCRIBE = "SUBSCRIBE"
    PUBLISH = "PUBLISH"
    REJECTED = "rejected"
    ENROLLED = "enrolled"


class Refused(Exception):  # noqa: N818  # what happened
    """The broker did not acknowledge a packet, or AWS IoT rejected a request."""

    def __init__(self, stage, heard):
        super().__init__(f"{stage} refused: {heard}")
        self.stage, self.heard = stage, heard


@dataclass(frozen=True)
class Outcome:
    """How far a client came.

    Args:
        stage: What was refused, or that it is enrolled.
        heard: The packet or message that said so.
    """

    stage: Stage
    heard: object


class Enrolment:
    """One attempt of a client, step by step.

    Args:
        client: How it behaves.
        fleet: Broker, claim and template.
        serial_number: What it says that it is.
    """

    def __init__(self, client, fleet, serial_number):
        self.client, self.fleet, self.serial_number = client, fleet, serial_number
        self.request = f"$aws/certificates/{client.certificate}/{client.payload_format}"
        self.registration = (
            f"$aws/provisioning-templates/{fleet.template_name}/provision/{client.payload_format}"
        )

    def connect(self):
        random = {"hex": uuid.uuid4().hex[:12], "uuid": uuid.uuid4(), "serial": self.serial_number}
        client_id = self.client.client_id.format(**random)
        self.connection = Connection(self.fleet.broker, self.fleet.claim, client_id, self.client.protocol)
        _acknowledged(Stage.CONNECT, self.connection.connack)
        if self.client.subscriptions is Subscriptions.ALL_FIRST:
            self._subscribe(self.request, self.registration)

    def obtain(self):
        """Get a certificate; what a device keeps is there afterwards: credentials and token."""
        key, csr = key_and_csr() if self.client.certificate == "create-from-csr" else (None, None)
        answer = self._ask(self.request, {"certificateSigningRequest": csr} if csr else {})
        self.certificate_id, self.token = answer["certificateId"], answer["certificateOwnershipToken"]
        self.credentials = Credentials(answer["certificatePem"], key or answer["privateKey"])

    def register(self):
        """Register, and hear the answer."""
        return self._ask(self.registration, self._registering())

    def send_registration(self):
        """Register without waiting for the answer."""
        payload = encoded(self._registering(), self.client.payload_format)
        _acknowledged(Stage.PUBLISH, self.connection.publish(self.registration, payload))

    def _registering(self):
        parameters = {"SerialNumber": self.serial_number}
        return {"certificateOwnershipToken": self.token, "parameters": parameters}

    def _ask(self, topic, content):
        if self.client.subscriptions in (Subscriptions.BEFORE_EACH, Subscriptions.ONE_FILTER):
            self._subscribe(topic)
        payload = encoded(content, self.client.payload_format)
        _acknowledged(Stage.PUBLISH, self.connection.publish(topic, payload))
        answer = self.connection.receive()
        if self.client.unsubscribes:
            _acknowledged(Stage.SUBSCRIBE, self.connection.unsubscribe(*self._filters(topic)))
        document = DECODE[self.client.payload_format](answer.payload)
        if answer.topic != f"{topic}/accepted":
            raise Refused(Stage.REJECTED, document)
        return document

    def _subscribe(self, *topics):
        filters = [each for topic in topics for each in self._filters(topic)]
        _acknowledged(Stage.SUBSCRIBE, self.connection.subscribe(*filters))

    def _filters(self, topic):
        if self.client.subscriptions in (Subscriptions.ONE_FILTER, Subscriptions.NONE):
            return [f"{topic}/+"]
        return [f"{topic}/accepted", f"{topic}/rejected"]


def enrol(client, fleet, serial_number):
    """Enrol from CONNECT to the answer of RegisterThing."""
    enrolment = Enrolment(client, fleet, serial_number)
    try:
        enrolment.connect()
        enrolment.obtain()
        return Outcome(Stage.ENROLLED, enrolment.register())
    except Refused as refusal:
        return Outcome(refusal.stage, refusal.heard)
    finally:
        enrolment.connection.disconnect()


def _acknowledged(stage, answer):
    if not isinstance(answer, Acknowledged) or any(code >= FAILURE for code in answer.codes):
        raise Refused(stage, answer)
