"""Registration just in time and in bulk, deployed to the emulator by Pulumi's own engine."""

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from device_provisioning.pulumi import DeviceAllowList, DevicePolicy, JustInTimeRegistration
from tests.support.certificates import an_authority, pem_of
from tests.support.needing_engine import changes, needs_engine
from tests.support.registered_pumps import (
    POLICY,
    RegisteredPumps,
    require_failed_event_in_the_queue,
    require_registration,
    require_revoked_device_out,
)
from workshop.demo.remnants import remnants
from workshop.emulator import Emulator
from workshop.pulumi_engine import FLEET, stack_of

pytestmark = [needs_engine, pytest.mark.timeout(900)]

BULK_BODY = Path("tests/templates/bulk/valid-signing-request.json")


@pytest.fixture
def cloud():
    """An emulator of its own: in the end nothing may be left."""
    with Emulator() as running:
        yield running


class Ready:
    """A ready program from its first preview on, and what it deployed."""

    def __init__(self, name, cloud, folder, **settings):
        self._cloud, self.stack = cloud, stack_of(FLEET / name, cloud, folder, settings=settings)
        self.planned = changes(self.stack.preview().change_summary)
        done = self.stack.up()
        assert changes(done.summary.resource_changes) == self.planned
        assert self.stack.preview(expect_no_changes=True)
        self.outputs = {output: reported.value for output, reported in done.outputs.items()}

    def destroy(self):
        """Everything that is still there afterwards."""
        deleted = changes(self.stack.destroy().summary.resource_changes)
        assert deleted == {"delete": sum(self.planned.values())}
        return left_behind(self._cloud, self.outputs.get("DeviceAllowListTableName", ""))


def left_behind(cloud, table_name):
    iot, functions = cloud.client("iot"), cloud.client("lambda")
    return [
        *remnants(cloud, table_name),
        *(rule["ruleName"] for rule in iot.list_topic_rules()["rules"]),
        *(authority["certificateId"] for authority in iot.list_ca_certificates()["certificates"]),
        *(function["FunctionName"] for function in functions.list_functions()["Functions"]),
        *(role["RoleName"] for role in cloud.client("iam").list_roles()["Roles"]),
        *cloud.client("sqs").list_queues().get("QueueUrls", []),
        *(alarm["AlarmName"] for alarm in cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]),
        *(bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]),
    ]


@pytest.mark.exhaustive
def test_the_ready_program_of_just_in_time_provisioning_lives_and_leaves_nothing(cloud, tmp_path):
    pem = Path("examples/ca.pem").read_text()
    ready = Ready("just_in_time_provisioning", cloud, tmp_path, caCertificatePem=pem, disposable="true")
    iot = cloud.client("iot")
    described = iot.describe_ca_certificate(certificateId=ready.outputs["CaCertificateId"])
    assert described["registrationConfig"]["templateName"] == ready.outputs["TemplateName"]
    assert described["certificateDescription"]["autoRegistrationStatus"] == "ENABLE"
    assert ready.destroy() == []


@pytest.mark.exhaustive
def test_a_device_registers_at_the_ready_program_which_then_leaves_nothing(cloud, tmp_path):
    authority = an_authority()
    pem = pem_of(authority.certificate).decode()
    settings = {"caCertificatePem": pem, "thingNamePrefix": "pump-", "disposable": "true"}
    ready = Ready("just_in_time_registration", cloud, tmp_path, **settings)
    cloud.client("dynamodb").put_item(
        TableName=ready.outputs["DeviceAllowListTableName"], Item={"serial_number": {"S": "pump-1"}}
    )
    require_registration(cloud, authority, "pump-1")
    assert ready.destroy() == []


@pytest.mark.exhaustive
def test_the_files_of_the_ready_program_of_bulk_registration_stay_protected(cloud, tmp_path):
    ready = Ready("bulk_registration", cloud, tmp_path, body=BULK_BODY.read_text())
    bucket, s3 = ready.outputs["BucketName"], cloud.client("s3")
    s3.put_object(Bucket=bucket, Key="bulk-registration/devices.jsonl", Body=b"{}")
    assert ready.destroy() == [bucket]
    (statement,) = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert statement["Effect"] == "Deny"
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rule["Expiration"] == {"Days": 30}


class Deployed(RegisteredPumps):
    """The component with every resource of your own, on the emulator that enforces IAM."""

    def __init__(self, emulator, folder):
        super().__init__(emulator)
        self.stack = stack_of(FLEET, emulator, folder, program=self._define)
        outputs = self.stack.up().outputs
        self.found({name: output.value for name, output in outputs.items()})

    def _define(self):
        devices = DeviceAllowList("devices", {"removal_policy": "DESTROY"})
        bucket = aws.s3.Bucket("lists")
        pumps = JustInTimeRegistration(
            "pumps",
            {
                "ca_certificate_pem": self.ca_certificate_pem,
                "thing_name_prefix": "pump-",
                "device_allow_list": devices.table,
                "devices": [{"serial_number": f"pump-{number}"} for number in (1, 2, 3)],
                "device_policy": DevicePolicy("policy", {"policy_name": POLICY}).resource,
                "revocation_list_bucket": bucket,
                # The one that is created refuses HTTP, which the emulator speaks.
                "dead_letter_queue": aws.sqs.Queue("queue"),
            },
        )
        pulumi.export("Bucket", bucket.bucket)
        pulumi.export("Function", pumps.function_name)
        pulumi.export("QueueUrl", pumps.dead_letter_queue_url)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    with Emulator(enforce_iam=True) as emulator:
        deployed = Deployed(emulator, tmp_path_factory.mktemp("pumps"))
        yield deployed
        deployed.clear()
        deployed.stack.destroy()


def test_a_device_of_the_ca_registers_by_connecting_and_uses_its_own_topic(deployed):
    deployed.revoke()
    require_registration(deployed.emulator, deployed.authority, "pump-1")


def test_an_event_that_fails_to_the_end_waits_in_the_queue_and_the_next_one_registers(deployed):
    require_failed_event_in_the_queue(deployed, "pump-2")


def test_a_revoked_device_stays_out(deployed):
    require_revoked_device_out(deployed, "pump-3")
