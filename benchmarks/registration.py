"""Devices that enrol at once on the emulator, with the hook, against the same template without one."""

import contextlib
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aws_cdk import App, CfnOutput, Environment, RemovalPolicy, Stack
from aws_cdk import aws_iot as iot

from device_provisioning.aws_iot.documents import Environment as Place
from device_provisioning.aws_iot.documents import claim_policy
from device_provisioning.cdk import DeviceAllowList, FleetProvisioning
from workshop import cloud_assembly
from workshop.demo.fleet import Fleet
from workshop.device import Broker, Credentials, Rejected, provision
from workshop.emulator import ACCOUNT, REGION, Emulator

from .measurement import Aim, Measurement, compared, in_turn

AT_ONCE = (1, 5, 20)
ROUNDS = 7
ATTEMPTS = 3
AIM = Aim(1.3)
WITHOUT_HOOK = "without-hook"


def measure() -> Iterator[Measurement]:
    """A row for each number of devices."""
    with Emulator() as emulator, tempfile.TemporaryDirectory() as folder:
        fleet = _deployed(emulator, Path(folder))
        for devices in AT_ONCE:
            sides = in_turn(
                ROUNDS,
                _milliseconds(fleet, fleet.template_name, devices),
                _milliseconds(fleet, WITHOUT_HOOK, devices),
            )
            case = f"{devices} devices at once" if devices > 1 else "1 device"
            yield compared(case, "ms", sides, AIM)


def _deployed(emulator: Emulator, folder: Path) -> Fleet:
    app = App(outdir=str(folder))
    stack = Stack(app, "Fleet", env=Environment(account=ACCOUNT, region=REGION))
    devices = DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY)
    fleet = FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-", device_allow_list=devices)
    _let_the_claim_use_the_other_template(stack, fleet.claim.certificate_arn)
    CfnOutput(stack, "TemplateName", value=fleet.template.template_name)
    CfnOutput(stack, "ClaimCertificateSecretArn", value=fleet.claim.secret.secret_arn)
    CfnOutput(stack, "DeviceAllowListTableName", value=devices.table.table_name)
    app.synth()
    deployed = Fleet.from_outputs(emulator, cloud_assembly.deploy(emulator, folder, "Fleet"))
    client = emulator.client("iot")
    template = client.describe_provisioning_template(templateName=deployed.template_name)
    client.create_provisioning_template(
        templateName=WITHOUT_HOOK,
        templateBody=template["templateBody"],
        provisioningRoleArn=template["provisioningRoleArn"],
        enabled=True,
    )
    return deployed


def _let_the_claim_use_the_other_template(stack: Stack, certificate_arn: str) -> None:
    policy = iot.CfnPolicy(
        stack, "WithoutHook", policy_document=claim_policy(WITHOUT_HOOK, Place(ACCOUNT, REGION))
    )
    iot.CfnPolicyPrincipalAttachment(stack, "Claim", policy_name=policy.ref, principal=certificate_arn)


def _milliseconds(fleet: Fleet, template_name: str, devices: int) -> Callable[[], float]:
    """What it takes until all devices have their thing; who is on the list is written before."""

    def timed() -> float:
        names = [f"SN-{uuid.uuid4().hex}" for _ in range(devices)]
        for name in names:
            fleet.allow(name)
        broker = fleet.broker
        with ThreadPoolExecutor(devices) as pool:
            started = time.perf_counter()
            things = set(pool.map(lambda name: _thing(broker, fleet.claim, template_name, name), names))
            taken = time.perf_counter() - started
        if len(things) != devices:
            raise RuntimeError(f"{len(things)} of {devices} devices have a thing")
        return 1000 * taken

    return timed


def _thing(broker: Broker, claim: Credentials, template_name: str, serial_number: str) -> str | None:
    """The thing that a device gets; it tries again if the emulator could not run the hook in time."""
    for _ in range(ATTEMPTS - 1):
        with contextlib.suppress(Rejected):
            return provision(broker, claim, template_name, {"SerialNumber": serial_number}).thing_name
    return provision(broker, claim, template_name, {"SerialNumber": serial_number}).thing_name
