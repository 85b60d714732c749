"""Just-in-time registration as CDK deploys it, on the emulator that enforces IAM."""

import uuid
from contextlib import contextmanager

import pytest
from aws_cdk import App, CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from device_provisioning.cdk import DeviceAllowList, DevicePolicy, JustInTimeRegistration, ListedDevice
from tests.support.certificates import subject
from tests.support.knocking import certificate_id, knock
from tests.support.registered_pumps import (
    AUTHORISED_ELSEWHERE,
    EVERYTHING,
    POLICY,
    RegisteredPumps,
    require_failed_event_in_the_queue,
    require_registration,
    require_revoked_device_out,
)
from tests.support.synthesis import IRELAND
from workshop import cloud_assembly


class Deployed(RegisteredPumps):
    """The construct on the emulator that enforces IAM."""

    def __init__(self, emulator, folder):
        super().__init__(emulator)
        app = App(outdir=str(folder))
        stack = Stack(app, "Registration", env=IRELAND)
        devices = DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY)
        devices.add_devices([ListedDevice(serial_number=f"pump-{number}") for number in (1, 2, 3)])
        bucket = s3.Bucket(stack, "Lists", removal_policy=RemovalPolicy.DESTROY)
        made = JustInTimeRegistration(
            stack,
            "Pumps",
            ca_certificate_pem=self.ca_certificate_pem,
            thing_name_prefix="pump-",
            device_allow_list=devices,
            device_policy=DevicePolicy(stack, "Policy", policy_name=POLICY),
            revocation_list_bucket=bucket,
            # The one that is created refuses HTTP, which the emulator speaks.
            dead_letter_queue=sqs.Queue(stack, "Queue"),
        )
        CfnOutput(stack, "Table", value=devices.table.table_name)
        CfnOutput(stack, "Rule", value=made.rule.rule_name)
        CfnOutput(stack, "Bucket", value=bucket.bucket_name)
        CfnOutput(stack, "Function", value=made.function.function_name)
        CfnOutput(stack, "QueueUrl", value=made.dead_letter_queue.queue_url)
        app.synth()
        self.found(cloud_assembly.deploy(emulator, folder, "Registration"))

    @contextmanager
    def without(self, *actions):
        """Take rights from the function's role for a while."""
        role = self.iam.get_role_policy(RoleName=self.role_name, PolicyName="Permissions")
        before = role["PolicyDocument"]
        statements = [dict(statement) for statement in before["Statement"]]
        for statement in statements:
            given = statement["Action"]
            given = [given] if isinstance(given, str) else given
            statement["Action"] = [action for action in given if action not in actions] or ["iot:Nothing"]
        self.put_policy("Permissions", {**before, "Statement": statements})
        self.let_the_emulator_authorise(
            [a for a in AUTHORISED_ELSEWHERE if a not in actions] or ["iot:Nothing"]
        )
        yield
        self.put_policy("Permissions", before)
        self.let_the_emulator_authorise(AUTHORISED_ELSEWHERE)

    def a_waiting_device(self):
        """A listed device whose certificate is pending, and of which the function was not told."""
        name = f"pump-{uuid.uuid4().hex[:8]}"
        issued = self.authority.issue(subject(name), 1)
        self.iot.disable_topic_rule(ruleName=self.outputs["Rule"])
        knock(self.emulator, issued)
        self.iot.enable_topic_rule(ruleName=self.outputs["Rule"])
        self.emulator.client("dynamodb").put_item(
            TableName=self.outputs["Table"], Item={"serial_number": {"S": name}}
        )
        return name, certificate_id(issued.certificate_pem)


@pytest.fixture(scope="module")
def deployed(enforcing_emulator, tmp_path_factory):
    deployed = Deployed(enforcing_emulator, tmp_path_factory.mktemp("cdk.out"))
    yield deployed
    deployed.clear()
    cloud_assembly.destroy(enforcing_emulator, "Registration")


def test_a_device_of_the_ca_registers_by_connecting_and_uses_its_own_topic(deployed):
    deployed.revoke()
    require_registration(deployed.emulator, deployed.authority, "pump-1")


def test_an_event_that_fails_to_the_end_waits_in_the_queue_and_the_next_one_registers(deployed):
    require_failed_event_in_the_queue(deployed, "pump-2")


def test_a_revoked_device_stays_out(deployed):
    require_revoked_device_out(deployed, "pump-3")


@pytest.mark.parametrize(
    "action",
    ["dynamodb:UpdateItem", "s3:GetObject", *[f"iot:{call}" for call in EVERYTHING]],
)
def test_without_any_of_its_rights_nobody_registers_and_nothing_is_half_done(deployed, action):
    deployed.revoke()
    name, certificate = deployed.a_waiting_device()
    with deployed.without(action):
        assert not deployed.registers(certificate)
        assert deployed.what_there_is(name, certificate) == []
    assert deployed.registers(certificate)
    assert deployed.what_there_is(name, certificate) == EVERYTHING


@pytest.mark.parametrize(
    ("undoes", "left"),
    [
        ("iot:DeleteThing", ["CreateThing"]),
        ("iot:DetachPolicy", ["AttachPolicy"]),
        ("iot:DetachThingPrincipal", ["CreateThing", "AttachThingPrincipal"]),
    ],
)
def test_each_right_to_undo_is_needed_and_what_was_left_is_completed_later(deployed, undoes, left):
    deployed.revoke()
    name, certificate = deployed.a_waiting_device()
    with deployed.without("iot:UpdateCertificate", undoes):
        assert not deployed.registers(certificate)
        assert deployed.what_there_is(name, certificate) == left
    assert deployed.registers(certificate)
    assert deployed.what_there_is(name, certificate) == EVERYTHING
