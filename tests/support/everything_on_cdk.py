"""Everything that can be synthesised with AWS CDK: constructs, examples, the stacks of ``stacks/``."""

import json
import runpy
from functools import partial
from pathlib import Path

import aws_cdk
from aws_cdk import App, RemovalPolicy, Stack, Validations
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

import stacks.app
from device_provisioning.aws_iot import BulkTemplate, FleetTemplate
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
    PreProvisioningHook,
    ProvisioningDashboard,
    ProvisioningTemplate,
    QuarantineGroup,
)
from device_provisioning.iotda import CertificateField, Device, TemplateBody, ref
from tests.support.iotda_authorities import authority
from tests.support.synthesis import IRELAND


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
    ProvisioningDashboard(stack, "Dashboard", template=fleet.template, hook=fleet.hook)
    QuarantineGroup(stack, "Quarantine", topic_prefix="workshop")


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
    JustInTimeProvisioning(stack, "Inside", ca_certificate_pem=pem, body_inside_ca=True)
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


# Leaves every name open that a body can leave open, so that the role has to allow what it may become.
OPEN_BODY = {
    "Parameters": {"Name": {"Type": "String"}, "AWS::IoT::Certificate::Id": {"Type": "String"}},
    "Resources": {
        "thing": {
            "Type": "AWS::IoT::Thing",
            "Properties": {
                "ThingName": {"Fn::Join": ["", ["pump-", {"Ref": "Name"}]]},
                "ThingTypeName": {"Ref": "Name"},
                "ThingGroups": [{"Ref": "Name"}],
                "BillingGroup": {"Ref": "Name"},
            },
            "OverrideSettings": {"ThingGroups": "REPLACE"},
        },
        "certificate": {
            "Type": "AWS::IoT::Certificate",
            "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "ACTIVE"},
        },
        "named": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": {"Ref": "Name"}}},
        "written": {
            "Type": "AWS::IoT::Policy",
            "Properties": {
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Deny", "Action": "iot:RetainPublish", "Resource": "*"}],
                }
            },
        },
    },
}


def open_names(stack):
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    devices = DeviceAllowList(stack, "Devices", encryption_key=key)
    devices.add_devices([ListedDevice(serial_number="A")])
    hook = PreProvisioningHook(stack, "Hook", device_allow_list=devices, serial_number_parameter="Name")
    body = FleetTemplate.from_json(json.dumps(OPEN_BODY))
    ProvisioningTemplate(stack, "Template", body=body, hook=hook)


STACKS = {
    "open-names": open_names,
    "defaults": defaults,
    "everything": everything,
    "edge": edge,
    "just-in-time": just_in_time,
    "iotda": iotda,
}

# The programs of Pulumi have tests of their own: test_pulumi_examples.py and …_on_the_engine.py.
EXAMPLES = [
    file.name for file in sorted(Path("examples").glob("*.py")) if not file.name.endswith("_pulumi.py")
]
READY = {
    "bulk_body": "tests/templates/bulk/valid-signing-request.json",
    "ca_certificate": "examples/ca.pem",
    "certificate_rotation": "true",
    "claim_rotation_days": "30",
    "trusted_user": "arn:aws:iam::111122223333:role/Technicians",
}
NAMES = [*STACKS, *EXAMPLES, "stacks"]


def synthesise(name, folder, monkeypatch, *plugins, env=IRELAND):
    """Synthesise what has a name into a folder, as its own program does it, with plugins that validate it."""

    def an_app(**settings):
        app = App(outdir=str(folder), **settings)
        Validations.of(app).add_plugins(*(plugin(app) for plugin in plugins))
        return app

    if name in STACKS:
        app = an_app()
        STACKS[name](Stack(app, "Stack", env=env))
        app.synth()
    elif name in EXAMPLES:
        monkeypatch.setattr(aws_cdk, "App", an_app)
        runpy.run_path(f"examples/{name}", run_name="__main__")
    else:
        monkeypatch.setattr(aws_cdk, "App", partial(an_app, context=READY))
        stacks.app.main()
    return {file: json.loads(file.read_text()) for file in sorted(folder.glob("*.template.json"))}
