"""Registering devices with templates in the emulator, and what it has afterwards."""

import json
import uuid
from contextlib import contextmanager
from typing import Any, NamedTuple

from awsiot import iotidentity
from botocore.exceptions import ClientError

from device_provisioning.aws_iot.evaluation import ExistingThing, Outcome
from tests.support.active_certificates import active_certificate
from workshop import device

_PROVIDED = {"Version": "2012-10-17", "Statement": []}
ROLE = "arn:aws:iam::111122223333:role/provisioning"


class Registered(NamedTuple):
    """What the emulator has after a registration, in the words of ``Outcome``."""

    certificate_id: str
    thing_name: str | None
    thing_type_name: str | None
    thing_groups: set[str]
    attributes: dict[str, str]
    certificate_status: str
    policies: list[Any]
    device_configuration: dict[str, Any]


def as_registered(outcome: Outcome, certificate_id: str) -> Registered:
    """An outcome in the form that the emulator's answers can be compared with."""
    return Registered(
        certificate_id,
        outcome.thing_name,
        outcome.thing_type_name,
        set(outcome.thing_groups),
        dict(outcome.attributes),
        str(outcome.certificate_status),
        sorted({policy.get("policyName") or _text(policy["policyDocument"]) for policy in outcome.policies}),
        dict(outcome.device_configuration),
    )


def _text(document: Any) -> str:
    return json.dumps(document, sort_keys=True)


class EmulatedRegistration:
    """One claim connection, over which any number of devices register.

    Each gets its certificate for a key of its own: making RSA keys would take most of the time.
    """

    def __init__(self, emulator: Any, connection: Any) -> None:
        self.iot = emulator.client("iot")
        self._identity = iotidentity.IotIdentityClient(connection)

    def create_template(self, text: str, template_type: str) -> str:
        """A template of this body; the error of the API if it is refused."""
        name = f"t-{uuid.uuid4().hex[:12]}"
        self.iot.create_provisioning_template(
            templateName=name, templateBody=text, provisioningRoleArn=ROLE, enabled=True, type=template_type
        )
        return name

    def obtain(self) -> Any:
        """A certificate that waits to be registered, as the emulator answers it."""
        certificate, _ = device.create_certificate_from_csr(self._identity)
        return certificate

    def register(self, template_name: str, parameters: dict[str, str]) -> Registered:
        """Register a device; ``Rejected`` if the emulator rejects it."""
        certificate = self.obtain()
        token = certificate.certificate_ownership_token
        answer = device.register_thing(self._identity, template_name, token, parameters)
        return self._state(answer.thing_name, certificate.certificate_id, answer.device_configuration or {})

    def provide(
        self, *, types: Any = (), groups: Any = (), billing_groups: Any = (), policies: Any = ()
    ) -> None:
        """Let types, groups, billing groups and policies exist."""
        for name in types:
            self.iot.create_thing_type(thingTypeName=name)
        for name in groups:
            self.iot.create_thing_group(thingGroupName=name)
        for name in billing_groups:
            self.iot.create_billing_group(billingGroupName=name)
        for name in policies:
            try:
                self.iot.create_policy(policyName=name, policyDocument=json.dumps(_PROVIDED))
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                    raise

    def let_exist(self, name: str, thing: ExistingThing) -> None:
        """Let a thing exist."""
        kind = {"thingTypeName": thing.thing_type_name} if thing.thing_type_name else {}
        self.iot.create_thing(thingName=name, attributePayload={"attributes": dict(thing.attributes)}, **kind)
        for group in thing.thing_groups:
            self.iot.add_thing_to_thing_group(thingName=name, thingGroupName=group)

    def _state(self, thing_name: Any, certificate_id: str, configuration: Any) -> Registered:
        certificate = self.iot.describe_certificate(certificateId=certificate_id)["certificateDescription"]
        arn = certificate["certificateArn"]
        thing = self.iot.describe_thing(thingName=thing_name) if thing_name else {}
        if thing_name:
            assert arn in self.iot.list_thing_principals(thingName=thing_name)["principals"]
            groups = self.iot.list_thing_groups_for_thing(thingName=thing_name)["thingGroups"]
        return Registered(
            certificate_id,
            thing_name,
            thing.get("thingTypeName"),
            {group["groupName"] for group in groups} if thing_name else set(),
            thing.get("attributes", {}),
            certificate["status"],
            sorted(map(self._policy, self.iot.list_attached_policies(target=arn)["policies"])),
            dict(configuration),
        )

    def _policy(self, policy: dict[str, str]) -> str:
        document = json.loads(self.iot.get_policy(policyName=policy["policyName"])["policyDocument"])
        return policy["policyName"] if document == _PROVIDED else _text(document)


@contextmanager
def emulated_registration(emulator: Any) -> Any:
    """Connect with a claim certificate of its own."""
    broker = device.Broker(emulator.mqtt_host, emulator.mqtt_port, emulator.trust_store())
    client_id = f"claim-{uuid.uuid4().hex[:12]}"
    with (
        active_certificate(emulator) as claim,
        device.connected(broker, claim, client_id) as connection,
    ):
        yield EmulatedRegistration(emulator, connection)
