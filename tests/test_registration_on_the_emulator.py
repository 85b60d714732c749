"""Just-in-time registration as CDK deploys it, on the emulator that enforces IAM."""

import json
import time
import uuid
from contextlib import closing, contextmanager

import pytest
from aws_cdk import App, CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from certificates import an_authority, pem_of, revoked, subject
from knocking import certificate_id, knock
from synthesis import IRELAND

from device_provisioning.cdk import DeviceAllowList, DevicePolicy, JustInTimeRegistration, ListedDevice
from device_provisioning.local import cloud_assembly, device

AUTHORISED_ELSEWHERE = ("iot:AttachPolicy", "iot:DetachPolicy")
"""What AWS authorises on the certificate, and the emulator on other resources."""
EVERYTHING = ["CreateThing", "AttachPolicy", "AttachThingPrincipal", "UpdateCertificate"]


class Deployed:
    """The construct on the emulator that enforces IAM."""

    def __init__(self, emulator, folder):
        self.emulator, self.authority = emulator, an_authority()
        self.iot, self.iam = emulator.client("iot"), emulator.client("iam")
        app = App(outdir=str(folder))
        stack = Stack(app, "Registration", env=IRELAND)
        devices = DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY)
        devices.add_devices([ListedDevice(serial_number=f"pump-{number}") for number in (1, 2, 3)])
        bucket = s3.Bucket(stack, "Lists", removal_policy=RemovalPolicy.DESTROY)
        made = JustInTimeRegistration(
            stack,
            "Pumps",
            ca_certificate_pem=pem_of(self.authority.certificate).decode(),
            thing_name_prefix="pump-",
            device_allow_list=devices,
            device_policy=DevicePolicy(stack, "Policy", policy_name="registered-pump"),
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
        self.outputs = cloud_assembly.deploy(emulator, folder, "Registration")
        configuration = emulator.client("lambda").get_function_configuration(
            FunctionName=self.outputs["Function"]
        )
        self.role_name = configuration["Role"].rpartition("/")[2]
        self.let_the_emulator_authorise(AUTHORISED_ELSEWHERE)

    def let_the_emulator_authorise(self, actions):
        """Let the function do what the emulator authorises on other resources than AWS."""
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        self._put_policy("Emulator", {"Version": "2012-10-17", "Statement": [statement]})

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
        self._put_policy("Permissions", {**before, "Statement": statements})
        self.let_the_emulator_authorise(
            [a for a in AUTHORISED_ELSEWHERE if a not in actions] or ["iot:Nothing"]
        )
        yield
        self._put_policy("Permissions", before)
        self.let_the_emulator_authorise(AUTHORISED_ELSEWHERE)

    def _put_policy(self, name, document):
        self.iam.put_role_policy(
            RoleName=self.role_name, PolicyName=name, PolicyDocument=json.dumps(document)
        )

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

    def registers(self, certificate):
        """Whether the function gets through with a certificate when it is told of it."""
        answer = self.emulator.client("lambda").invoke(
            FunctionName=self.outputs["Function"], Payload=json.dumps({"certificateId": certificate})
        )
        return "FunctionError" not in answer

    def what_there_is(self, name, certificate):
        """What is there of a device, by name of the call that made it."""
        described = self.iot.describe_certificate(certificateId=certificate)["certificateDescription"]
        principal = described["certificateArn"]
        there = {
            "CreateThing": name in str(self.iot.list_things()["things"]),
            "AttachPolicy": bool(self.iot.list_attached_policies(target=principal)["policies"]),
            "AttachThingPrincipal": bool(self.iot.list_principal_things(principal=principal)["things"]),
            "UpdateCertificate": described["status"] == "ACTIVE",
        }
        return [call for call, made in there.items() if made]

    def revoke(self, *certificates):
        content = revoked(self.authority, *certificates)
        self.emulator.client("s3").put_object(Bucket=self.outputs["Bucket"], Key="revoked.pem", Body=content)

    def clear(self):
        """Take away what keeps the stack from going: devices hold the policy, the bucket is not empty."""
        for target in self.iot.list_targets_for_policy(policyName="registered-pump")["targets"]:
            self.iot.detach_policy(policyName="registered-pump", target=target)
        self.emulator.client("s3").delete_object(Bucket=self.outputs["Bucket"], Key="revoked.pem")

    def waits_for(self, issued, status, seconds=10):
        """Whether a certificate gets a status in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            described = self.iot.describe_certificate(certificateId=certificate_id(issued.certificate_pem))
            if described["certificateDescription"]["status"] == status:
                return True
            time.sleep(0.1)
        return False

    def put_aside(self, seconds=20):
        """The certificate of the event in the dead-letter queue."""
        with closing(self.emulator.client("sqs")) as queues:
            received = queues.receive_message(QueueUrl=self.outputs["QueueUrl"], WaitTimeSeconds=seconds)
            (message,) = received["Messages"]
            queues.delete_message(QueueUrl=self.outputs["QueueUrl"], ReceiptHandle=message["ReceiptHandle"])
        return json.loads(message["Body"])["requestPayload"]["certificateId"]


@pytest.fixture(scope="module")
def deployed(enforcing_emulator, tmp_path_factory):
    deployed = Deployed(enforcing_emulator, tmp_path_factory.mktemp("cdk.out"))
    yield deployed
    deployed.clear()
    cloud_assembly.destroy(enforcing_emulator, "Registration")


def test_a_device_of_the_ca_registers_by_connecting_and_uses_its_own_topic(deployed, enforcing_emulator):
    deployed.revoke()
    issued = deployed.authority.issue(subject("pump-1"), 1)
    knock(enforcing_emulator, issued)
    assert deployed.waits_for(issued, "ACTIVE")
    broker = device.Broker(
        enforcing_emulator.mqtt_host, enforcing_emulator.mqtt_port, enforcing_emulator.trust_store()
    )
    own = device.Credentials(issued.certificate_pem.decode(), issued.private_key_pem.decode())
    assert device.send_to_itself(broker, own, "pump-1", "dt/pump-1/state") < 5


def test_an_event_that_fails_to_the_end_waits_in_the_queue_and_the_next_one_registers(
    deployed, enforcing_emulator
):
    issued = deployed.authority.issue(subject("pump-2"), 1)
    lists, bucket = enforcing_emulator.client("s3"), deployed.outputs["Bucket"]
    lists.put_object(Bucket=bucket, Key="revoked.pem", Body=b"no list")
    knock(enforcing_emulator, issued)
    # The emulator's topic rules try once; Lambda tries an event three times before it gives up.
    event = {"certificateId": certificate_id(issued.certificate_pem)}
    enforcing_emulator.client("lambda").invoke(
        FunctionName=deployed.outputs["Function"], InvocationType="Event", Payload=json.dumps(event)
    )
    assert deployed.put_aside() == event["certificateId"]
    assert deployed.waits_for(issued, "PENDING_ACTIVATION")
    assert "pump-2" not in str(deployed.iot.list_things()["things"])
    deployed.revoke()
    knock(enforcing_emulator, issued)
    assert deployed.waits_for(issued, "ACTIVE")
    # The event of the queue, delivered at last.
    assert deployed.registers(event["certificateId"])
    assert deployed.what_there_is("pump-2", event["certificateId"]) == EVERYTHING


def test_a_revoked_device_stays_out(deployed, enforcing_emulator):
    issued = deployed.authority.issue(subject("pump-3"), 1)
    deployed.revoke(issued.certificate_pem)
    knock(enforcing_emulator, issued)
    assert not deployed.waits_for(issued, "ACTIVE", seconds=3)


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
