"""Stacks that fail half-made, deployed by the CDK's own command: what the roll-back leaves."""

import json
from contextlib import contextmanager
from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_iot as iot

from device_provisioning.aws_iot import BulkTemplate
from device_provisioning.cdk import (
    BulkRegistration,
    CertificateRotation,
    DevicePolicy,
    FleetProvisioning,
    JustInTimeRegistration,
    ListedDevice,
)
from tests.support.certificates import an_authority, pem_of
from tests.support.inventories import inventory
from workshop.emulator import ACCOUNT, REGION, Emulator
from workshop.processes import CommandFailed, run
from workshop.toolchain import tool_environment

BULK_BODY = Path(__file__).parent / "templates" / "bulk" / "valid-signing-request.json"
TAKEN = "a-name-that-is-taken"


@pytest.fixture(scope="module")
def own_emulator():
    with Emulator() as running:
        running.client("iot").create_policy(
            policyName=TAKEN, policyDocument=json.dumps({"Version": "2012-10-17", "Statement": []})
        )
        yield running


@pytest.fixture(scope="module")
def cdk(own_emulator, tmp_path_factory):
    """The CDK's command on a bootstrapped emulator."""
    home = tmp_path_factory.mktemp("home")
    environment = {**tool_environment(), **own_emulator.environment(), "CDK_HOME": str(home)}

    def cdk(*arguments):
        run(["cdk", *arguments, "--no-notices", "--ci"], environment, home)

    cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}")
    return cdk


@contextmanager
def an_app(folder):
    app = App(outdir=str(folder))
    yield Stack(app, "Half", env=Environment(account=ACCOUNT, region=REGION))
    app.synth()


def define(stack):
    """What there is in most fleets, with the defaults."""
    policy = DevicePolicy(
        stack, "Policy", rotation_template_name="rotation", revoke_certificates_on_removal=True
    )
    fleet = FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-", device_policy=policy)
    fleet.device_allow_list.add_devices([ListedDevice(serial_number="A")])
    CertificateRotation(
        stack, "Rotation", template_name="rotation", thing_name_prefix="sensor-", device_policy=policy
    )
    certificate = pem_of(an_authority().certificate).decode()
    JustInTimeRegistration(stack, "Pumps", ca_certificate_pem=certificate, thing_name_prefix="pump-")
    BulkRegistration(stack, "Bulk", body=BulkTemplate.from_json(BULK_BODY.read_text()))


def let_the_last_resource_fail(stack):
    everything = stack.node.children[:]
    last = iot.CfnPolicy(
        stack, "Last", policy_name=TAKEN, policy_document={"Version": "2012-10-17", "Statement": []}
    )
    last.node.add_dependency(*everything)


def test_a_create_that_fails_at_its_last_resource_leaves_nothing(own_emulator, cdk, tmp_path):
    with an_app(tmp_path) as stack:
        define(stack)
        let_the_last_resource_fail(stack)
    before = inventory(own_emulator)
    with pytest.raises(CommandFailed, match="Last"):
        cdk("deploy", "Half", "--app", str(tmp_path), "--require-approval", "never")
    pages = own_emulator.client("cloudformation").get_paginator("describe_stack_events")
    events = [
        (event["LogicalResourceId"], event["ResourceStatus"])
        for page in pages.paginate(StackName="Half")
        for event in page["StackEvents"]
    ]
    assert [name for name, status in events if status.endswith("FAILED")] == ["Last"]
    assert len([name for name, status in events if status == "CREATE_COMPLETE"]) > 30
    assert inventory(own_emulator) - before == set()
