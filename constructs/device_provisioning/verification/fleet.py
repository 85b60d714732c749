"""The deployed fleet: what devices and the operator do with it, and what came of it."""

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from ..records.record import BLOCKED, PARAMETER_OVERRIDES, key, typed
from .account import Account
from .aws import Aws
from .device import Broker, Connection, Credentials, connected
from .identity import Certificate, Identity, Registered
from .naming import Names
from .shape import Output
from .waiting import first

SECONDS_FOR_LOGS = 120


@dataclass(frozen=True)
class Device:
    """A device that is registered.

    Args:
        serial_number: Its serial number.
        thing_name: Its thing.
        certificate: Its certificate.
        configuration: What the template gives it.
    """

    serial_number: str
    thing_name: str
    certificate: Certificate
    configuration: Mapping[str, str]


@dataclass
class Fleet:
    """A deployed fleet.

    Args:
        aws: The clients.
        account: Where it is.
        broker: Where devices connect to.
        names: The names of the run.
        outputs: What was deployed.
        claim: The claim certificate.
        things: Names of things that devices asked for.
        certificates: Ids of certificates that AWS IoT made for devices, each with its thing; empty without.
        policies: Names of policies beside those that are deployed.
    """

    aws: Aws
    account: Account
    broker: Broker
    names: Names
    outputs: Mapping[str, str]
    claim: Credentials
    things: set[str] = field(default_factory=set)
    certificates: dict[str, str] = field(default_factory=dict)
    policies: set[str] = field(default_factory=set)

    @classmethod
    def deployed(
        cls, aws: Aws, account: Account, broker: Broker, names: Names, outputs: Mapping[str, str]
    ) -> Self:
        """The fleet that a deployment's outputs describe.

        Raises:
            UnreadableError: If the claim's secret can't be read.
        """
        secret = aws.secrets.call("get_secret_value", SecretId=outputs[Output.CLAIM])
        stored = json.loads(secret["SecretString"])
        claim = Credentials(stored["certificatePem"], stored["privateKey"])
        return cls(aws, account, broker, names, outputs, claim)

    def a_serial_number(self) -> str:
        """A serial number that no list has."""
        return f"SN-{uuid.uuid4().hex[:12]}"

    def a_listed_serial_number(self, **parameters: str) -> str:
        """A serial number that is on the list, with parameters of its record."""
        serial_number = self.a_serial_number()
        given = {PARAMETER_OVERRIDES: typed(parameters)} if parameters else {}
        item = {**key(serial_number), **given}
        self.aws.dynamodb.call("put_item", TableName=self.outputs[Output.TABLE], Item=item)
        return serial_number

    def block(self, serial_number: str) -> None:
        """Let a device register no more, nor replace its certificate."""
        self.aws.dynamodb.call(
            "update_item",
            TableName=self.outputs[Output.TABLE],
            Key=key(serial_number),
            UpdateExpression=f"SET {BLOCKED} = :yes",
            ExpressionAttributeValues={":yes": typed(True)},
        )

    def connected(
        self, device: Device, certificate: Certificate | None = None
    ) -> AbstractContextManager[Connection]:
        """A connection of a device, by its own certificate or by another one.

        Raises:
            Refused: If AWS IoT does not accept it.
        """
        credentials = (certificate or device.certificate).credentials
        return connected(self.broker, credentials, device.thing_name)

    @contextmanager
    def claimant(self) -> Iterator["Claimant"]:
        """Somebody with the claim.

        Raises:
            Refused: If AWS IoT does not accept the connection.
        """
        with connected(self.broker, self.claim, f"claim-{uuid.uuid4().hex[:12]}") as connection:
            yield Claimant(self, connection)

    def enrolled(self, serial_number: str) -> Device:
        """A device that obtains a certificate and registers.

        Raises:
            Refused: If AWS IoT refuses something of it.
        """
        with self.claimant() as claimant:
            return claimant.enrol(serial_number, claimant.certificate())

    def status(self, certificate_id: str) -> str | None:
        """The status that AWS IoT has for a certificate; nothing if there is none."""
        answer = self.aws.iot.found("describe_certificate", certificateId=certificate_id)
        return str(answer["certificateDescription"]["status"]) if answer else None

    def reason(self, certificate_id: str) -> str:
        """Why the hook denied a certificate, as its log says."""
        group = self._log_group()
        decision = first(lambda: self._decision(group, certificate_id), SECONDS_FOR_LOGS)
        return str(decision["reason"]) if decision else "nothing in the hook's log"

    def _decision(self, group: str, certificate_id: str) -> Mapping[str, Any] | None:
        pattern = f'"{certificate_id}"'
        answer = self.aws.logs.pages("filter_log_events", "events", logGroupName=group, filterPattern=pattern)
        lines = [json.loads(event["message"]) for event in answer if event["message"].startswith("{")]
        decisions = [
            line for line in lines if line.get("certificate_id") == certificate_id and "decision" in line
        ]
        return decisions[-1] if decisions else None

    def _log_group(self) -> str:
        template = self.aws.iot.call("describe_provisioning_template", templateName=self.names.template)
        arn = template["preProvisioningHook"]["targetArn"]
        function = self.aws.functions.call("get_function_configuration", FunctionName=arn)
        return str(function["LoggingConfig"]["LogGroup"])


class Claimant:
    """Somebody who is connected with the claim.

    Args:
        fleet: The fleet, which learns what is made.
        connection: The connection.
    """

    def __init__(self, fleet: Fleet, connection: Connection) -> None:
        self._fleet, self._identity = fleet, Identity(connection)

    def certificate(self, *, own_key: bool = False) -> Certificate:
        """A certificate that waits to be registered.

        Raises:
            Refused: If AWS IoT makes none.
        """
        make = (
            self._identity.create_certificate_from_csr
            if own_key
            else self._identity.create_keys_and_certificate
        )
        made = make()
        self._fleet.certificates[made.certificate_id] = ""
        return made

    def register(self, serial_number: str, certificate: Certificate, **parameters: str) -> Registered:
        """Register, by default at a site that the device chooses.

        Raises:
            Refused: If AWS IoT does not register it.
        """
        thing = f"{self._fleet.names.thing_name_prefix}{serial_number}"
        self._fleet.things.add(thing)
        given = {"SerialNumber": serial_number, "Site": "lab", **parameters}
        answer = self._identity.register(self._fleet.names.template, certificate.token, given)
        self._fleet.certificates[certificate.certificate_id] = thing
        return answer

    def enrol(self, serial_number: str, certificate: Certificate) -> Device:
        """Register, as a device.

        Raises:
            Refused: If AWS IoT does not register it.
        """
        answer = self.register(serial_number, certificate)
        return Device(serial_number, str(answer.thing_name), certificate, answer.device_configuration)
