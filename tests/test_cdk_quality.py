"""What linters of others say of the synthesised templates."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App, RemovalPolicy, Stack, Validations
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks
from cfnlint import ManualArgs, api
from iotda_authorities import authority
from synthesis import IRELAND

from device_provisioning.aws_iot import BulkTemplate
from device_provisioning.cdk import (
    BulkRegistration,
    CertificateRotation,
    CertificateSource,
    ComponentDeployment,
    CoreDeviceGroup,
    DeviceAllowList,
    DevicePolicy,
    FleetProvisioning,
    GreengrassCoreDevices,
    IotdaDeviceCa,
    IotdaInstance,
    IotdaProvisioningTemplate,
    JustInTimeProvisioning,
    JustInTimeRegistration,
    ListedDevice,
    PanoramaDevice,
    PayloadFormat,
)
from device_provisioning.iotda import CertificateField, Device, TemplateBody, ref


def defaults(stack):
    fleet = FleetProvisioning(stack, "Sensors", thing_name_prefix="sensor-")
    fleet.claim.add_rotation()


def everything(stack):
    devices = DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY)
    devices.add_devices([ListedDevice(serial_number="A", blocked=True)])
    fleet = FleetProvisioning(
        stack,
        "Sensors",
        thing_name_prefix="",
        thing_type_name="Sensor",
        thing_groups=["sensors", {"Ref": "Site"}],
        attributes={"site": {"Ref": "Site"}},
        device_allow_list=devices,
        device_policy=DevicePolicy(
            stack, "DevicePolicy", shadow=True, jobs=True, revoke_certificates_on_removal=True
        ),
        certificate_sources=list(CertificateSource),
        payload_formats=list(PayloadFormat),
        encryption_key=kms.Key(stack, "Key", enable_key_rotation=True),
    )
    fleet.claim.add_rotation(automatically_after_days=7)


def edge(stack):
    bucket = s3.Bucket.from_bucket_name(stack, "Parts", "parts")
    shell = ComponentDeployment(version="2.14.0", configuration={"a": 1})
    PanoramaDevice(stack, "Camera", name="line-4", description="dock", tags={"site": "p7"})
    group = CoreDeviceGroup(name="line-4", components={"aws.greengrass.Cli": shell})
    GreengrassCoreDevices(stack, "Cores", thing_name_prefix="gg-", groups=[group], artifact_buckets=[bucket])


def just_in_time(stack):
    policy = DevicePolicy(stack, "Policy", rotation_template_name="rotation")
    CertificateRotation(
        stack, "Rotation", template_name="rotation", thing_name_prefix="pump-", device_policy=policy
    )
    bulk = Path("tests/templates/bulk/valid-signing-request.json").read_text()
    BulkRegistration(stack, "Bulk", body=BulkTemplate.from_json(bulk))
    pem = Path("examples/ca.pem").read_text()
    JustInTimeProvisioning(stack, "Provisioning", ca_certificate_pem=pem)
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    bucket = s3.Bucket.from_bucket_attributes(stack, "Lists", bucket_name="lists", encryption_key=key)
    JustInTimeRegistration(
        stack,
        "Registration",
        ca_certificate_pem=pem,
        thing_name_prefix="pump-",
        revocation_list_bucket=bucket,
    )


def iotda(stack):
    secret = secretsmanager.Secret.from_secret_name_v2(stack, "Credentials", "huawei")
    instance = IotdaInstance(stack, "Iotda", project_id="p", region="cn-north-4", credentials=secret)
    device = Device(node_id=ref(CertificateField.COMMON_NAME), product_id="pump")
    template = IotdaProvisioningTemplate(stack, "Pumps", instance=instance, body=TemplateBody(device=device))
    IotdaDeviceCa(stack, "Factory", instance=instance, certificate=authority("Factory")[1], template=template)


STACKS = {
    "defaults": defaults,
    "everything": everything,
    "edge": edge,
    "just-in-time": just_in_time,
    "iotda": iotda,
}


def warnings_of_cfn_lint(stack):
    template = json.dumps(Template.from_stack(stack).to_json())
    return api.lint(template, config=ManualArgs(regions=[IRELAND.region]))


def a_checked_app(define, env):
    app = App()
    define(Stack(app, "Stack", env=env))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


@pytest.mark.parametrize("env", [IRELAND, None], ids=["known-environment", "any-environment"])
@pytest.mark.parametrize("name", STACKS)
def test_cdk_nag_finds_nothing_that_has_no_reason(name, env):
    assert a_checked_app(STACKS[name], env).synth()


def test_cdk_nag_is_really_asked():
    app = a_checked_app(lambda stack: s3.Bucket(stack, "Bucket"), IRELAND)
    with pytest.raises(RuntimeError, match="server access logs disabled"):
        app.synth()


@pytest.mark.parametrize("name", STACKS)
def test_cfn_lint_finds_nothing_not_even_a_warning(name):
    stack = Stack(App(), "Stack", env=IRELAND)
    STACKS[name](stack)
    assert warnings_of_cfn_lint(stack) == []


def test_cfn_lint_is_really_asked():
    stack = Stack(App(), "Stack", env=IRELAND)
    dynamodb.CfnTable(stack, "Table", key_schema=[])
    assert warnings_of_cfn_lint(stack)


def test_the_ready_stack_passes_the_cdks_own_validation(tmp_path):
    environment = {**os.environ, "CDK_OUTDIR": str(tmp_path)}
    environment.pop("CDK_VALIDATION", None)
    run = subprocess.run(
        [sys.executable, "-m", "stacks.app"], env=environment, capture_output=True, text=True
    )
    assert (run.returncode, run.stdout) == (0, "")
    assert (tmp_path / "FleetProvisioning.template.json").exists()
