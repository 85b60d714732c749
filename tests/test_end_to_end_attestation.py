"""Devices that prove themselves over MQTT, and thieves that can't, where IAM is enforced."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from aws_cdk import App, CfnOutput, Environment, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from awsiot import iotidentity
from cryptography.hazmat.primitives import serialization

from device_provisioning.cdk import Attestation, CertificateSource, DeviceAllowList, FleetProvisioning
from tests.support.fleets import DeployedFleet
from tests.support.proving import BATCH, a_key, authenticated, derived_key, public_pem, signed
from workshop import cloud_assembly, device
from workshop.device import Rejected
from workshop.emulator import ACCOUNT, REGION

pytestmark = pytest.mark.timeout(900)


def synthesise(folder, key_arn):
    app = App(outdir=str(folder))
    stack = Stack(app, "Attested", env=Environment(account=ACCOUNT, region=REGION))
    key = kms.Key.from_key_arn(stack, "Line4", key_arn)
    fleet = FleetProvisioning(
        stack,
        "Fleet",
        thing_name_prefix="attested-",
        attestation=Attestation(derived_keys={BATCH: key}),
        device_allow_list=DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY),
        certificate_sources=list(CertificateSource),
        log_removal_policy=RemovalPolicy.DESTROY,
    )
    CfnOutput(stack, "TemplateName", value=fleet.template.template_name)
    CfnOutput(stack, "ClaimCertificateSecretArn", value=fleet.claim.secret.secret_arn)
    CfnOutput(stack, "DeviceAllowListTableName", value=fleet.device_allow_list.table.table_name)
    app.synth()
    return folder


@pytest.fixture(scope="module")
def key_arn(enforcing_emulator):
    made = enforcing_emulator.client("kms").create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    return made["KeyMetadata"]["Arn"]


@pytest.fixture(scope="module")
def fleet(enforcing_emulator, key_arn, tmp_path_factory):
    folder = synthesise(tmp_path_factory.mktemp("attested"), key_arn)
    outputs = cloud_assembly.deploy(enforcing_emulator, folder, "Attested")
    return DeployedFleet.from_outputs(enforcing_emulator, outputs)


@pytest.fixture(scope="module")
def factory(fleet, key_arn):
    """What the factory gives each device: its own key."""
    client = fleet.emulator.client("kms")
    return lambda serial_number: derived_key(client, key_arn, BATCH, serial_number)


def enrols(fleet, serial_number, prove, *, own_key=True):
    """Register with what ``prove`` makes of the key of the new certificate; the certificate, or ``None``."""
    create = device.create_certificate_from_csr if own_key else device.create_keys_and_certificate
    with device.connected(fleet.broker, fleet.claim, f"claim-{uuid.uuid4().hex[:12]}") as connection:
        identity = iotidentity.IotIdentityClient(connection)
        certificate, credentials = create(identity)
        key = serialization.load_pem_private_key(credentials.private_key.encode(), None)
        proof = prove(key)
        parameters = {"SerialNumber": serial_number, **({"Proof": proof} if proof else {})}
        token = certificate.certificate_ownership_token
        try:
            device.register_thing(identity, fleet.template_name, token, parameters)
        except Rejected:
            return None
    return certificate.certificate_id


@pytest.mark.parametrize("own_key", [True, False], ids=["its own key", "a key of AWS IoT"])
def test_a_device_with_the_key_that_the_factory_gave_it_registers(fleet, factory, own_key):
    fleet.open_batch(BATCH)
    serial_number = fleet.a_serial_number(batch_name={"S": BATCH})
    mine = factory(serial_number)
    certificate = enrols(
        fleet, serial_number, lambda key: authenticated(mine, serial_number, key), own_key=own_key
    )
    assert fleet.certificate_status(certificate) == "ACTIVE"
    assert fleet.principals(f"attested-{serial_number}")


def test_a_thief_with_claim_and_serial_number_gets_nothing(fleet, factory):
    """It has every key but the one of the device: another device's, and a proof that it overheard."""
    fleet.open_batch(BATCH)
    serial_number = fleet.a_serial_number()
    mine, others = factory(serial_number), factory("SN-other")
    overheard = authenticated(mine, serial_number, a_key())
    thieves = [
        lambda _: None,
        lambda _: overheard,
        lambda key: authenticated(others, serial_number, key),
        lambda key: authenticated(b"\0" * 32, serial_number, key),
        lambda key: authenticated(mine, "SN-other", key),
        lambda key: signed(a_key(), serial_number, key),
    ]
    assert [enrols(fleet, serial_number, thief) for thief in thieves] == [None] * len(thieves)
    assert "certificate_id" not in fleet.record(serial_number)
    assert enrols(fleet, serial_number, lambda key: authenticated(mine, serial_number, key))


def test_what_the_manufacturer_signed_registers_by_a_key_in_the_list(fleet):
    maker = a_key()
    fleet.open_batch("maker", public_key={"S": public_pem(maker)})
    serial_number = fleet.a_serial_number(batch_name={"S": "maker"})
    for thief in (a_key(), a_key()):
        assert enrols(fleet, serial_number, lambda key: signed(thief, serial_number, key, "maker")) is None  # noqa: B023
    assert enrols(fleet, serial_number, lambda key: signed(maker, serial_number, key, "maker"))


def test_more_devices_than_places_at_once_are_no_more_things_than_places(fleet, factory):
    fleet.open_batch(BATCH, device_quota={"N": "5"}, without_list={"BOOL": True})
    names = [f"SN-{uuid.uuid4().hex[:8]}" for _ in range(20)]
    before = fleet.things()

    def comes(serial_number):
        mine = factory(serial_number)
        return enrols(fleet, serial_number, lambda key: authenticated(mine, serial_number, key))

    with ThreadPoolExecutor(4) as pool:
        made = [each for each in pool.map(comes, names) if each]
    # Fewer where the machine was too busy for the hook's five seconds: such a place stays reserved.
    assert 0 < len(made) == len(fleet.things() - before) <= 5
    assert int(fleet.batch(BATCH)["devices_enrolled"]["N"]) <= 5


def test_a_batch_that_is_closed_stops_at_once(fleet, factory):
    fleet.open_batch(BATCH, is_open={"BOOL": False}, without_list={"BOOL": True})
    mine = factory("SN-late")
    assert enrols(fleet, "SN-late", lambda key: authenticated(mine, "SN-late", key)) is None
    fleet.open_batch(BATCH, without_list={"BOOL": True})
    assert enrols(fleet, "SN-late", lambda key: authenticated(mine, "SN-late", key))
