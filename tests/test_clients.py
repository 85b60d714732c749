"""Clients that others wrote, against every kind of fleet with AWS IoT policies enforced.

Who gets in, who does not, and what those hear. Beside each that is refused, the same client enrols with the
same serial number once what was in its way is changed.
"""

import re
import time
import uuid
from dataclasses import dataclass, replace

import pytest
from aws_cdk import App, CfnOutput, RemovalPolicy, Stack

from device_provisioning.aws_iot import CertificateSource, PayloadFormat
from device_provisioning.cdk import DeviceAllowList, DevicePolicy, FleetProvisioning, GreengrassCoreDevices
from tests.support.clients import CLIENTS, Subscriptions
from tests.support.enrolling import Enrolment, Stage, enrol
from tests.support.left_over import telling
from tests.support.raw_mqtt import FAILURE, NOT_AUTHORIZED, V5, Closed, Connection, connected
from tests.support.synthesis import IRELAND
from workshop.cloud_assembly import deploy
from workshop.demo.fleet import Fleet

SECONDS = 30
OWN = ("a device of one's own", "a device of one's own, MQTT 3.1.1")
DEVICE_CLIENT = "AWS IoT Device Client, with the thing-name that the guide advises"
DEVICE_CLIENT_WITH_A_CSR = "AWS IoT Device Client with a CSR"
ANY_ID, OWN_ID, CORE_ID = ".*", "claim-.*", r"claim-.*|\{uuid\}"


@dataclass(frozen=True)
class Kind:
    """A kind of fleet, and whom its claim lets do what, written down once more by hand.

    Args:
        client_id: The client ids, as a regular expression.
        certificates: The ways to a certificate.
        payload_formats: The formats of payloads.
    """

    client_id: str = OWN_ID
    certificates: tuple[str, ...] = ("create",)
    payload_formats: tuple[str, ...] = ("json",)

    def refuses(self, client):
        """What the fleet refuses of a client; nothing if it enrols."""
        if not re.fullmatch(self.client_id, client.client_id):
            return Stage.CONNECT
        if client.certificate in self.certificates and client.payload_format in self.payload_formats:
            return None
        return Stage.PUBLISH if client.subscriptions is Subscriptions.NONE else Stage.SUBSCRIBE

    def fit_in(self, client):
        """The same client without what is in its way."""
        refused = self.refuses(client)
        return replace(
            client,
            client_id="claim-{hex}" if refused is Stage.CONNECT else client.client_id,
            certificate=_allowed(client.certificate, self.certificates),
            payload_format=_allowed(client.payload_format, self.payload_formats),
        )


def _allowed(wanted, allowed):
    return wanted if wanted in allowed else allowed[0]


BOTH = ("create", "create-from-csr")
KINDS = {
    "default": Kind(),
    "csr": Kind(certificates=("create-from-csr",)),
    "cbor": Kind(certificates=BOTH, payload_formats=("cbor",)),
    "any": Kind(client_id=ANY_ID, certificates=BOTH, payload_formats=("json", "cbor")),
    "cores": Kind(client_id=CORE_ID, certificates=BOTH),
}


def synthesise(folder):
    app = App(outdir=str(folder))
    stack = Stack(app, "Clients", env=IRELAND)
    devices = DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY)
    policy = DevicePolicy(stack, "Policy", revoke_certificates_on_removal=True)
    both = {"certificate_sources": list(CertificateSource)}

    def fleet(name, **settings):
        return FleetProvisioning(
            stack,
            name.title(),
            thing_name_prefix=f"{name}-",
            device_allow_list=devices,
            device_policy=policy,
            **settings,
        )

    fleets = {
        "default": fleet("default"),
        "csr": fleet("csr", certificate_sources=[CertificateSource.CREATE_FROM_CSR]),
        "cbor": fleet("cbor", payload_formats=[PayloadFormat.CBOR], **both),
        "any": fleet("any", payload_formats=list(PayloadFormat), claim_client_id_patterns=["*"], **both),
        "cores": GreengrassCoreDevices(
            stack, "Cores", thing_name_prefix="cores-", device_allow_list=devices
        ).fleet,
    }
    CfnOutput(stack, "Table", value=devices.table.table_name)
    for name, each in fleets.items():
        CfnOutput(stack, f"{name}Template", value=each.template.template_name)
        CfnOutput(stack, f"{name}Secret", value=each.claim.secret.secret_arn)
    app.synth()
    return folder


@pytest.fixture(scope="module")
def fleets(enforcing_emulator, tmp_path_factory):
    outputs = deploy(enforcing_emulator, synthesise(tmp_path_factory.mktemp("cdk")), "Clients")
    return {
        name: Fleet.from_outputs(
            enforcing_emulator,
            {
                "TemplateName": outputs[f"{name}Template"],
                "ClaimCertificateSecretArn": outputs[f"{name}Secret"],
                "DeviceAllowListTableName": outputs["Table"],
            },
        )
        for name in KINDS
    }


@pytest.fixture
def serial_number(fleets):
    listed = f"SN-{uuid.uuid4().hex[:8]}"
    fleets["default"].allow(listed)
    return listed


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
@pytest.mark.parametrize("kind", telling(KINDS, {"csr", "default"}))
def test_a_client_gets_in_where_the_claim_lets_it_and_hears_a_refusal_elsewhere(
    fleets, serial_number, kind, client
):
    fleet = fleets[kind]
    if refused := KINDS[kind].refuses(client):
        outcome = enrol(client, fleet, serial_number)
        assert outcome.stage is refused
        if client.protocol == V5:
            assert set(outcome.heard.codes) == {NOT_AUTHORIZED}
        else:
            assert outcome.heard == Closed()
        client = KINDS[kind].fit_in(client)
    outcome = enrol(client, fleet, serial_number)
    assert outcome.stage is Stage.ENROLLED, outcome.heard
    assert outcome.heard["thingName"] == f"{kind}-{serial_number}"


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("default", {*OWN, DEVICE_CLIENT}),
        ("csr", {DEVICE_CLIENT_WITH_A_CSR}),
        (
            "cores",
            {
                *OWN,
                DEVICE_CLIENT,
                DEVICE_CLIENT_WITH_A_CSR,
                "Greengrass nucleus with its plugin",
                "Greengrass nucleus with its plugin and a CSR",
                "Greengrass nucleus lite",
                "Greengrass nucleus lite before its virtual subscriptions",
            },
        ),
        ("any", {client.name for client in CLIENTS}),
    ],
)
def test_what_gets_in_with_nothing_changed_is_known(kind, names):
    assert {client.name for client in CLIENTS if not KINDS[kind].refuses(client)} == names


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_client_whose_serial_number_is_not_listed_hears_so_and_a_listed_one_enrols(
    fleets, serial_number, client
):
    outcome = enrol(client, fleets["any"], "SN-unlisted")
    assert (outcome.stage, outcome.heard["errorCode"]) == (Stage.REJECTED, "AccessDenied")
    assert enrol(client, fleets["any"], serial_number).stage is Stage.ENROLLED


@pytest.mark.parametrize(
    ("kind", "client_id", "takes"),
    [
        ("any", "any-{serial}", False),
        ("any", "{serial}", True),
        ("cores", "cores-{serial}", False),
        ("cores", "cores-00-0000-4000-8000-000000000000", False),
        ("cores", "0c0ffee0-0000-4000-8000-000000000000", True),
        ("cores", "0c0ffee0-0000-1000-8000-000000000000", False),
    ],
)
def test_a_thief_of_a_claim_can_not_connect_by_the_name_of_a_device(
    fleets, serial_number, kind, client_id, takes
):
    fleet = fleets[kind]
    connection = Connection(fleet.broker, fleet.claim, client_id.format(serial=serial_number), V5)
    try:
        assert (connection.connack.codes == (NOT_AUTHORIZED,)) is not takes
    finally:
        connection.disconnect()


@pytest.mark.parametrize("kind", KINDS)
def test_a_thief_of_a_claim_forges_no_answer_and_leaves_no_will(fleets, kind):
    fleet = fleets[kind]
    with connected(fleet.broker, fleet.claim, "claim-thief") as connection:
        assert connection.publish("$aws/certificates/create/json/accepted", b"{}").codes[0] >= FAILURE
    dying = Connection(fleet.broker, fleet.claim, "claim-thief", will=f"dt/{kind}-SN-1/hello")
    assert dying.connack.codes == (NOT_AUTHORIZED,)


@pytest.fixture
def losing(fleets, serial_number, request):
    """A device whose connection broke after it had sent its registration, which went through."""
    fleet = fleets["any"]
    enrolment = Enrolment(request.param, fleet, serial_number)
    enrolment.connect()
    enrolment.obtain()
    enrolment.send_registration()
    enrolment.connection.break_off()
    deadline = time.monotonic() + SECONDS
    while fleet.certificate_status(enrolment.certificate_id) != "ACTIVE":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return enrolment


every_client = pytest.mark.parametrize("losing", CLIENTS, ids=lambda client: client.name, indirect=True)


@every_client
def test_a_device_that_kept_its_certificate_before_it_registered_connects_in_spite_of_a_lost_answer(losing):
    thing_name = f"any-{losing.serial_number}"
    with connected(losing.fleet.broker, losing.credentials, thing_name, losing.client.protocol) as connection:
        topic = f"dt/{thing_name}/hello"
        connection.subscribe(topic)
        connection.publish(topic, b"hello")
        assert connection.receive().payload == b"hello"


@every_client
def test_a_device_that_kept_its_certificate_and_token_may_ask_again_and_one_that_did_not_may_not(losing):
    forgetful = enrol(losing.client, losing.fleet, losing.serial_number)
    assert (forgetful.stage, forgetful.heard["errorCode"]) == (Stage.REJECTED, "AccessDenied")
    losing.connect()
    try:
        assert losing.register()["thingName"] == f"any-{losing.serial_number}"
    finally:
        losing.connection.disconnect()
