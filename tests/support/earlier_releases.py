"""Deployments of each release: ``python -m tests.support.earlier_releases`` keeps that of today's version.

A cloud assembly and a state, which today's version has to update; not the code that made them.
"""

import json
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

import pulumi
from aws_cdk import App, CfnOutput, Environment, RemovalPolicy, Stack

from device_provisioning.aws_iot import ref
from device_provisioning.cdk import (
    CertificateRotation,
    DeviceAllowList,
    DevicePolicy,
    FleetProvisioning,
    ListedDevice,
    PreProvisioningHook,
)
from device_provisioning.pulumi import FleetProvisioning as FleetOnPulumi
from device_provisioning.version import __version__
from workshop.emulator import ACCOUNT, REGION, Emulator
from workshop.pulumi_engine import FLEET, stack_of
from workshop.toolchain import tool_environment

RELEASES = Path(__file__).parents[1] / "releases"
STACK, STATE = "Fleet", "pulumi.json"
FIRST, LATER = "A-0001", "A-0002"
SETTINGS = {
    "thing_name_prefix": "sensor-",
    "attributes": {"site": ref("Site")},
}
ROTATION = "sensors-rotation"


def unpacked(version, folder):
    """What a release deployed: the cloud assembly ``cdk.out`` and the state ``pulumi.json``."""
    with zipfile.ZipFile(RELEASES / f"{version}.zip") as kept:
        kept.extractall(folder)
    return folder


def synthesise(folder, serial_numbers=(FIRST,)):
    """Today's version of what a release deployed on AWS CDK."""
    app = App(outdir=str(folder))
    stack = Stack(app, STACK, env=Environment(account=ACCOUNT, region=REGION))
    devices = DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY)
    overrides = {"Site": "plant7"}
    devices.add_devices(
        [ListedDevice(serial_number=each, parameter_overrides=overrides) for each in serial_numbers]
    )
    hook = PreProvisioningHook(stack, "Hook", device_allow_list=devices, listed_parameters=["Site"])
    policy = DevicePolicy(
        stack, "DevicePolicy", rotation_template_name=ROTATION, revoke_certificates_on_removal=True
    )
    fleet = FleetProvisioning(stack, "Fleet", hook=hook, device_policy=policy, **SETTINGS)
    CertificateRotation(
        stack,
        "Rotation",
        template_name=ROTATION,
        thing_name_prefix=SETTINGS["thing_name_prefix"],
        device_policy=policy,
        device_allow_list=devices,
    )
    CfnOutput(stack, "TemplateName", value=fleet.template.template_name)
    CfnOutput(stack, "ClaimCertificateSecretArn", value=fleet.claim.secret.secret_arn)
    CfnOutput(stack, "DeviceAllowListTableName", value=devices.table.table_name)
    app.synth()
    return folder


def program(serial_numbers=(FIRST,)):
    """Today's version of what a release deployed on Pulumi."""
    overrides = {"Site": "plant7"}
    devices = [{"serial_number": each, "parameter_overrides": overrides} for each in serial_numbers]
    fleet = FleetOnPulumi("sensors", {**SETTINGS, "rotation_template_name": ROTATION, "devices": devices})
    pulumi.export("TemplateName", fleet.template_name)


def keep():
    """Keep what today's version deploys."""
    with tempfile.TemporaryDirectory() as scratch, Emulator() as emulator:
        kept = Path(scratch) / "kept"
        synthesise(kept / "cdk.out")
        stack = stack_of(FLEET, emulator, Path(scratch), program=program)
        stack.up()
        (kept / STATE).write_text(json.dumps(stack.export_stack().deployment), "utf-8")
        shutil.make_archive(str(RELEASES / __version__), "zip", kept)


if __name__ == "__main__":
    os.environ.update(tool_environment())
    keep()
