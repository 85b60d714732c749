"""A fleet of cores, deployed to the emulator, and cores that enrol themselves there.

Role aliases, the credentials provider and CreateCertificateFromCsr are extensions of this project, not of the
emulator.
"""

import json
import stat
import uuid
from contextlib import contextmanager

import boto3
import pytest
import yaml
from aws_cdk import App, RemovalPolicy, Stack
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from device_provisioning.cdk import (
    CoreDeviceGroup,
    CoreDevicePolicy,
    DeviceAllowList,
    GreengrassCoreDevices,
    ListedDevice,
    TokenExchange,
)
from device_provisioning.cli import app
from device_provisioning.greengrass import Enrolment, IotEndpoints, nucleus_config
from tests.support import raw_mqtt
from tests.support.detaching import detach_policy, once_detached
from tests.support.said import everything_said
from tests.support.synthesis import IRELAND
from workshop.cloud_assembly import deploy, destroy
from workshop.core_device import exchange_token
from workshop.device import Broker, Credentials, Rejected, connected, provision

CORES = ["0042", "0043"]
STACK, POLICY, LITE_POLICY = "EdgeFleet", "edge-core", "edge-lite"
LINES = [CoreDeviceGroup(name="edge-line-4"), CoreDeviceGroup(name="edge-line-5")]


def synthesise(folder, *, groups=LINES, seconds=None):
    cdk_app = App(outdir=str(folder))
    stack = Stack(cdk_app, STACK, env=IRELAND)
    devices = DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY)
    devices.add_devices([ListedDevice(serial_number=serial) for serial in CORES])
    exchange = TokenExchange(stack, "Exchange", role_alias_name="edge-exchange")
    GreengrassCoreDevices(
        stack,
        "Cores",
        thing_name_prefix="edge-",
        groups=groups,
        device_allow_list=devices,
        token_exchange=exchange,
        core_device_policy=CoreDevicePolicy(
            stack,
            "Policy",
            thing_name_prefix="edge-",
            policy_name=POLICY,
            role_alias_name=exchange.role_alias_name,
        ),
    )
    CoreDevicePolicy(
        stack,
        "LitePolicy",
        thing_name_prefix="edge-",
        only_nucleus_lite=True,
        policy_name=LITE_POLICY,
        role_alias_name=exchange.role_alias_name,
    )
    cdk_app.synth()
    return folder


@pytest.fixture(scope="module")
def fleet(enforcing_emulator, tmp_path_factory):
    folder = synthesise(tmp_path_factory.mktemp("cdk"))
    outputs = deploy(enforcing_emulator, folder, STACK)
    yield json.loads(next(iter(outputs.values())))
    iot = enforcing_emulator.client("iot")
    retire_cores(iot)
    destroy(enforcing_emulator, STACK)
    assert not [name for name in names_of_groups(iot) if name.startswith("edge-")]
    with pytest.raises(ClientError, match="ResourceNotFound"):
        iot.describe_role_alias(roleAlias="edge-exchange")


def retire_cores(iot):
    for arn in iot.list_targets_for_policy(policyName=POLICY)["targets"]:
        for thing in iot.list_principal_things(principal=arn)["things"]:
            iot.detach_thing_principal(thingName=thing, principal=arn)
        certificate_id = arn.rpartition("/")[2]
        iot.update_certificate(certificateId=certificate_id, newStatus="INACTIVE")
        once_detached(iot.delete_certificate, certificateId=certificate_id, forceDelete=True)


def names_of_groups(iot):
    return [group["groupName"] for group in iot.list_thing_groups()["thingGroups"]]


def configure(emulator, monkeypatch, *arguments):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    return CliRunner().invoke(app, ["greengrass", "config", STACK, *arguments])


def broker(emulator):
    return Broker(emulator.mqtt_host, emulator.mqtt_port, emulator.trust_store())


def provider(emulator):
    return Broker(emulator.mqtt_host, emulator.credentials_port, emulator.trust_store())


def device_id(fleet, core_name):
    """The client id that the written configuration gives the classic nucleus."""
    endpoints = IotEndpoints("data.example.com", "credentials.example.com")
    services = nucleus_config(Enrolment(**fleet), endpoints, core_name)["services"]
    return services["aws.greengrass.FleetProvisioningByClaim"]["configuration"]["deviceId"]


def enrol(emulator, fleet, serial, *, own_key=True):
    secrets = emulator.client("secretsmanager")
    stored = json.loads(secrets.get_secret_value(SecretId=fleet["claim_secret_arn"])["SecretString"])
    claim = Credentials(stored["certificatePem"], stored["privateKey"])
    # Nucleus lite, which makes its key itself, connects as a random UUID.
    client_id = str(uuid.uuid4()) if own_key else device_id(fleet, f"edge-{serial}")
    return provision(
        broker(emulator),
        claim,
        fleet["template_name"],
        {"SerialNumber": serial},
        own_key=own_key,
        client_id=client_id,
    )


@pytest.fixture(scope="module")
def core(enforcing_emulator, fleet):
    return enrol(enforcing_emulator, fleet, CORES[0])


def test_a_core_enrols_with_a_key_of_its_own_and_is_in_every_group(enforcing_emulator, core):
    assert core.thing_name == "edge-0042"
    iot = enforcing_emulator.client("iot")
    groups = iot.list_thing_groups_for_thing(thingName=core.thing_name)["thingGroups"]
    assert {group["groupName"] for group in groups} == {"edge-line-4", "edge-line-5"}


def test_a_certificate_of_a_core_is_for_its_thing_alone(enforcing_emulator, core):
    listed = enforcing_emulator.client("iot").list_thing_principals_v2(thingName=core.thing_name)
    (principal,) = listed["thingPrincipalObjects"]
    assert principal["thingPrincipalType"] == "EXCLUSIVE_THING"
    assert principal["principal"].endswith(core.certificate_id)


def test_a_core_gets_credentials_by_the_role_alias_and_they_are_the_roles(enforcing_emulator, core):
    given = exchange_token(provider(enforcing_emulator), core.credentials, "edge-exchange", core.thing_name)
    session = boto3.Session(
        given["accessKeyId"], given["secretAccessKey"], given["sessionToken"], region_name="eu-west-1"
    )
    sts = session.client("sts", endpoint_url=enforcing_emulator.url)
    assert ":assumed-role/EdgeFleet-ExchangeRole" in sts.get_caller_identity()["Arn"]
    logs = session.client("logs", endpoint_url=enforcing_emulator.url)
    logs.create_log_group(logGroupName="/aws/greengrass/UserComponent/eu-west-1/com.example.Camera")
    with pytest.raises(ClientError, match="AccessDenied"):
        logs.create_log_group(logGroupName="/elsewhere")


def test_the_key_of_the_claim_is_in_no_template_output_event_or_log(enforcing_emulator, fleet):
    secrets = enforcing_emulator.client("secretsmanager")
    stored = json.loads(secrets.get_secret_value(SecretId=fleet["claim_secret_arn"])["SecretString"])
    text = everything_said(enforcing_emulator, STACK)
    assert '"request": "Create"' in text
    assert stored["certificateId"] in text
    assert "PRIVATE KEY" not in text
    assert stored["privateKey"].splitlines()[1] not in text


def test_a_claim_certificate_gets_no_credentials(enforcing_emulator, fleet):
    secrets = enforcing_emulator.client("secretsmanager")
    stored = json.loads(secrets.get_secret_value(SecretId=fleet["claim_secret_arn"])["SecretString"])
    claim = Credentials(stored["certificatePem"], stored["privateKey"])
    with pytest.raises(Rejected, match="403"):
        exchange_token(provider(enforcing_emulator), claim, "edge-exchange", "edge-0042")


def test_a_role_that_trusts_another_role_alias_gives_no_credentials(enforcing_emulator, core):
    iot = enforcing_emulator.client("iot")
    role = iot.describe_role_alias(roleAlias="edge-exchange")["roleAliasDescription"]["roleArn"]
    iot.create_role_alias(roleAlias="edge-other", roleArn=role)
    try:
        with pytest.raises(Rejected, match="403"):
            exchange_token(provider(enforcing_emulator), core.credentials, "edge-other", core.thing_name)
    finally:
        iot.delete_role_alias(roleAlias="edge-other")


def test_a_further_connection_of_the_nucleus_is_let_in_and_a_foreign_name_is_not(enforcing_emulator, core):
    with connected(broker(enforcing_emulator), core.credentials, "edge-0042#2"):
        pass
    with (
        pytest.raises(Exception, match=r"(?i)auth|closed|unexpected"),
        connected(broker(enforcing_emulator), core.credentials, "sensor-1"),
    ):
        pass


@contextmanager
def policy_of_nucleus_lite(iot, core):
    """The core has the policy of fleets whose cores all run nucleus lite, for a while."""
    certificate = iot.describe_certificate(certificateId=core.certificate_id)
    arn = certificate["certificateDescription"]["certificateArn"]
    iot.attach_policy(policyName=LITE_POLICY, target=arn)
    detach_policy(iot, POLICY, arn)
    try:
        yield
    finally:
        iot.attach_policy(policyName=POLICY, target=arn)
        detach_policy(iot, LITE_POLICY, arn)


def subscribed_as_a_core(emulator, core, topic):
    with raw_mqtt.connected(broker(emulator), core.credentials, core.thing_name) as connection:
        return connection.subscribe(topic).codes


def test_a_core_of_nucleus_lite_has_its_own_client_id_and_topics_only(enforcing_emulator, core):
    own, others = "$aws/things/edge-0042/jobs/notify-next", "$aws/things/edge-0043/jobs/notify-next"
    assert subscribed_as_a_core(enforcing_emulator, core, others) == (1,)
    with policy_of_nucleus_lite(enforcing_emulator.client("iot"), core):
        assert subscribed_as_a_core(enforcing_emulator, core, own) == (1,)
        assert subscribed_as_a_core(enforcing_emulator, core, others) == (raw_mqtt.NOT_AUTHORIZED,)
        further = raw_mqtt.Connection(broker(enforcing_emulator), core.credentials, "edge-0042#2")
        assert further.connack.codes == (raw_mqtt.NOT_AUTHORIZED,)
        given = exchange_token(
            provider(enforcing_emulator), core.credentials, "edge-exchange", core.thing_name
        )
        assert given["accessKeyId"]


def test_the_classic_nucleus_may_let_aws_iot_make_its_key(enforcing_emulator, fleet):
    assert enrol(enforcing_emulator, fleet, CORES[1], own_key=False).thing_name == "edge-0043"


def test_a_core_that_is_not_on_the_list_does_not_enrol(enforcing_emulator, fleet):
    with pytest.raises(Rejected):
        enrol(enforcing_emulator, fleet, "9999")


@pytest.mark.parametrize("nucleus", ["classic", "lite"])
def test_the_command_writes_what_a_core_needs_for_its_owner_only(
    enforcing_emulator, fleet, monkeypatch, tmp_path, nucleus
):
    out = tmp_path / "core" / "config.yaml"
    result = configure(
        enforcing_emulator, monkeypatch, "--core", "edge-0042", "--out", str(out), "--nucleus", nucleus
    )
    assert result.exit_code == 0, result.output
    text = yaml.safe_dump(yaml.safe_load(out.read_text()))
    assert fleet["template_name"] in text
    assert ".credentials.iot.eu-west-1." in text
    key = (out.parent / "claim.private.pem.key").read_text()
    assert key.startswith("-----BEGIN")
    assert "BEGIN CERTIFICATE" in (out.parent / "claim.pem.crt").read_text()
    assert key not in text
    assert "PRIVATE KEY" not in text + result.output
    for file in out.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_claim_key_in_a_tpm_is_not_fetched(enforcing_emulator, fleet, monkeypatch, tmp_path):
    out = tmp_path / "config.yaml"
    handle = ["--nucleus", "lite", "--claim-key-path", "handle:0x81000000"]
    result = configure(enforcing_emulator, monkeypatch, "--core", "edge-0042", "--out", str(out), *handle)
    assert result.exit_code == 0, result.output
    assert [file.name for file in tmp_path.iterdir()] == ["config.yaml"]


def test_the_password_of_a_proxy_comes_from_a_secret_and_is_shown_nowhere(
    enforcing_emulator, fleet, monkeypatch, tmp_path
):
    secrets = enforcing_emulator.client("secretsmanager")
    secrets.create_secret(Name="edge-proxy", SecretString="hush-hush")
    out = tmp_path / "config.yaml"
    proxy = ["--proxy-username", "core", "--proxy-password-secret", "edge-proxy"]
    arguments = ["--core", "edge-0042", "--out", str(out), *proxy]
    refused = configure(enforcing_emulator, monkeypatch, *arguments, "--proxy-url", "proxy:3128")
    assert (refused.exit_code, out.exists()) == (2, False)
    written = configure(enforcing_emulator, monkeypatch, *arguments, "--proxy-url", "http://proxy:3128")
    assert "hush-hush" in out.read_text()
    assert "hush-hush" not in refused.output + written.output


@pytest.mark.parametrize(
    ("stack", "core_name", "message"),
    [
        (STACK, "sensor-1", "names begin with 'edge-'"),
        ("Nowhere", "edge-1", "the stack Nowhere: DescribeStacks: ValidationError"),
    ],
)
def test_what_is_wrong_is_reported_in_a_line(
    enforcing_emulator, fleet, monkeypatch, tmp_path, stack, core_name, message
):
    for name, value in enforcing_emulator.environment().items():
        monkeypatch.setenv(name, value)
    arguments = ["greengrass", "config", stack, "--core", core_name, "--out", str(tmp_path / "config.yaml")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert list(tmp_path.iterdir()) == []


def test_an_update_makes_and_removes_groups(enforcing_emulator, fleet, tmp_path):
    iot = enforcing_emulator.client("iot")
    new = CoreDeviceGroup(name="edge-line-6")
    deploy(enforcing_emulator, synthesise(tmp_path / "more", groups=[*LINES, new]), STACK)
    assert "edge-line-6" in names_of_groups(iot)
    deploy(enforcing_emulator, synthesise(tmp_path / "fewer", groups=LINES), STACK)
    assert "edge-line-6" not in names_of_groups(iot)
