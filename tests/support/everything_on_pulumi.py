"""Every component on Pulumi, in programs like the stacks of ``everything_on_cdk.py``."""

import json
from pathlib import Path

import pulumi_aws as aws

from device_provisioning import pulumi as components
from device_provisioning.iotda import CertificateField, Device, TemplateBody, ref
from device_provisioning.pulumi import CertificateSource, PayloadFormat
from tests.support.everything_on_cdk import OPEN_BODY
from tests.support.iotda_authorities import authority

CA = Path("examples/ca.pem").read_text()


def defaults():
    components.FleetProvisioning("sensors", {"thing_name_prefix": "sensor-"})


def everything():
    policy = {"shadow": True, "jobs": True, "revoke_certificates_on_removal": True}
    components.FleetProvisioning(
        "sensors",
        {
            "thing_name_prefix": "",
            "thing_type_name": "Sensor",
            "thing_groups": ["sensors", {"Ref": "Site"}],
            "attributes": {"site": {"Ref": "Site"}},
            "devices": [{"serial_number": "A", "blocked": True}],
            "device_policy": components.DevicePolicy("policy", policy).resource,
            "certificate_sources": list(CertificateSource),
            "payload_formats": list(PayloadFormat),
            "encryption_key": aws.kms.Key("key"),
        },
    )
    components.ProvisioningDashboard("dashboard", {"template_name": "sensors"})
    components.QuarantineGroup("quarantine", {"topic_prefix": "workshop"})
    components.ClaimCertificate(
        "rotated", {"template_name": "sensors", "rotate_automatically_after_days": 30}
    )


def edge():
    components.PanoramaDevice("camera", {"name": "line-4"})
    cores = {"thing_name_prefix": "gg-", "groups": [{"name": "line-4"}]}
    components.GreengrassCoreDevices("cores", {**cores, "artifact_buckets": [aws.s3.Bucket("parts")]})


def just_in_time():
    policy = components.DevicePolicy("policy", {"rotation_template_name": "rotation"})
    rotation = {"template_name": "rotation", "thing_name_prefix": "pump-", "device_policy": policy.resource}
    components.CertificateRotation("rotation", rotation)
    bulk = Path("tests/templates/bulk/valid-signing-request.json").read_text()
    components.BulkRegistration("bulk", {"body": json.loads(bulk)})
    components.JustInTimeProvisioning("provisioning", {"ca_certificate_pem": CA})
    components.JustInTimeProvisioning("inside", {"ca_certificate_pem": CA, "body_inside_ca": True})
    components.JustInTimeRegistration(
        "registration",
        {
            "ca_certificate_pem": CA,
            "thing_name_prefix": "pump-",
            "revocation_list_bucket": aws.s3.Bucket("lists"),
            "revocation_list_encryption_key": aws.kms.Key("key"),
        },
    )


def iotda():
    instance = {"project_id": "project", "region": "cn-north-4"}
    body = TemplateBody(device=Device(node_id=ref(CertificateField.COMMON_NAME), product_id="pump")).document
    components.IotdaProvisioningTemplate("pumps", {"instance": instance, "body": body})
    components.IotdaDeviceCa("factory", {"instance": instance, "certificate": authority("Factory")[1]})


def open_names():
    components.ProvisioningTemplate("template", {"body": OPEN_BODY})


PROGRAMS = {
    "open-names": open_names,
    "defaults": defaults,
    "everything": everything,
    "edge": edge,
    "just-in-time": just_in_time,
    "iotda": iotda,
}
