"""Runs of ``verify`` in this process, whose calls are refused or interrupt them."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iot as iot
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import aws_secretsmanager as secretsmanager

from device_provisioning.console.exit_status import BAD_INPUT, INTERRUPTED
from device_provisioning.console.sources import UnreadableError
from device_provisioning.verification import attempt, removal, stack
from device_provisioning.verification.aws import Aws
from device_provisioning.verification.cdk_engine import CdkEngine
from device_provisioning.verification.engine import ENGINES
from device_provisioning.verification.naming import Names
from device_provisioning.verification.run import Request, verify
from device_provisioning.verification.shape import Output
from tests.support.faulty_wire import faulty_wire
from tests.support.inventories import inventory
from tests.support.verified import by_hand
from tests.support.watched_wire import DEPLOYING, REMOVING, SECONDS, TRYING, WatchedWire
from workshop.emulator import Emulator

NAMES, OTHERS = Names("dp-verify-0123456789"), Names("dp-verify-9876543210")
POLICY = {"Version": "2012-10-17", "Statement": []}


@dataclass(frozen=True)
class Ended:
    """How a run ended.

    Args:
        status: The exit status of the verb.
        said: What it said at the end, beside the report.
        report: The report; empty if there is none.
        calls: The calls that it made, each once.
        left: What is there that was not, and what was there and is not.
    """

    status: int
    said: str
    report: str
    calls: list[str]
    left: set[str]

    def calls_while(self, phase):
        return [call for call in self.calls if call.startswith(phase) and (phase or ": " not in call)]


class Bench:
    """An emulator with somebody else's run in it, where one run after the other takes place.

    Args:
        emulator: The emulator.
        wire: The wire to it.
        folder: Where files go.
    """

    def __init__(self, emulator, wire, folder):
        self.emulator, self.wire, self._folder = emulator, wire, folder
        self._trusted = folder / "ca.pem"
        self._trusted.write_bytes(emulator.trust_store())
        _somebody_elses_run(emulator)
        self._before = everything(emulator)

    @contextmanager
    def environment(self):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.emulator.environment().items():
                patch.setenv(name, value)
            patch.setenv("AWS_ENDPOINT_URL", self.wire.url)
            yield patch

    def deployed(self, engine):
        """Deploy a fleet that every run finds there; its outputs."""
        with self.environment():
            outputs = engine(Aws(), NAMES, self._folder).deploy()
        self._before = everything(self.emulator)
        return outputs

    def run(
        self,
        engine,
        promises=(),
        *,
        refused=None,
        interrupting=None,
        late_after=None,
        in_flight=10,
        detaching=None,
        cloud_trail=None,
    ):
        """Run it; nothing of the run before may be left."""
        assert everything(self.emulator) == self._before
        self.wire.mend()
        self.wire.refused, self.wire.interrupting, self.wire.late_after = refused, interrupting, late_after
        with self.environment() as patch, _interruptible() as self.wire.interrupt:
            patch.setattr(Names, "new", lambda: NAMES)
            patch.setitem(ENGINES, "cdk", watched(engine, self.wire))
            patch.setattr(attempt, "PROMISES", promises)
            patch.setattr(stack, "SECONDS_IN_FLIGHT", in_flight)
            # What is refused again and again need not be waited for.
            seconds = detaching or (2 if (refused or "").startswith(REMOVING) else SECONDS)
            patch.setattr(removal, "SECONDS", seconds)
            patch.setattr(stack, "SECONDS_TO_DETACH", seconds)
            status, said = self._verify(cloud_trail)
        report = self._folder / "report.md"
        text = report.read_text("utf-8") if report.exists() else ""
        report.unlink(missing_ok=True)
        return Ended(status, said, text, list(dict.fromkeys(self.wire.requests)), self.left())

    def _verify(self, cloud_trail):
        endpoint, report = f"localhost:{self.emulator.mqtt_port}", str(self._folder / "report.md")
        request = Request(
            "cdk",
            report=report,
            endpoint=endpoint,
            ca_file=self._trusted,
            cloud_trail_minutes=cloud_trail,
        )
        try:
            return verify(request, lambda plan: True), ""
        except UnreadableError as error:
            return BAD_INPUT, str(error)
        except KeyboardInterrupt as interrupted:
            return INTERRUPTED, str(interrupted)

    def left(self):
        return everything(self.emulator) ^ self._before

    def remove_by_hand(self, report):
        """Do what the report says."""
        by_hand(self.emulator, re.findall(r"`(aws .*)`", report))


@contextmanager
def a_bench(folder):
    with Emulator(enforce_iam=True) as emulator, faulty_wire(emulator, WatchedWire) as wire:
        yield Bench(emulator, wire, folder)


def everything(emulator):
    """All that is there, with the stacks."""
    pages = emulator.client("cloudformation").get_paginator("describe_stacks").paginate()
    return inventory(emulator) | {f"stack: {each['StackName']}" for page in pages for each in page["Stacks"]}


def _somebody_elses_run(emulator):
    """What a run beside this one has made, which is none of its business."""
    iot = emulator.client("iot")
    made = iot.create_keys_and_certificate(setAsActive=True)
    iot.create_thing(thingName=f"{OTHERS.thing_name_prefix}SN-1")
    iot.create_policy(policyName=OTHERS.device_policy, policyDocument=json.dumps(POLICY))
    iot.attach_policy(policyName=OTHERS.device_policy, target=made["certificateArn"])
    emulator.client("s3").create_bucket(
        Bucket=OTHERS.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    emulator.client("s3").put_object(Bucket=OTHERS.bucket, Key="asset", Body=b"theirs")
    _create_stack(emulator.client("cloudformation").create_stack, OTHERS, "stack")
    emulator.client("cloudformation").get_waiter("stack_create_complete").wait(
        StackName=OTHERS.fleet, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )


def _create_stack(create_stack, names, policy):
    properties = {"PolicyName": f"{names.fleet}-{policy}", "PolicyDocument": POLICY}
    resources = {"Policy": {"Type": "AWS::IoT::Policy", "Properties": properties}}
    create_stack(StackName=names.fleet, TemplateBody=json.dumps({"Resources": resources}))


def watched(engine, wire):
    """An engine that tells the wire what the run is about."""

    class Watched(engine):
        def deploy(self):
            wire.phase = DEPLOYING
            outputs = super().deploy()
            wire.phase = TRYING
            return outputs

        def destroy(self):
            wire.phase = REMOVING
            yield from super().destroy()

    return Watched


def synthesised(folder):
    """The engine of the real fleet, which is synthesised once: that costs most of a deployment."""
    context = json.dumps({"name": NAMES.fleet})
    command = [sys.executable, "-W", "ignore", "-m", "device_provisioning.verification.cdk_app"]
    environment = {**os.environ, "CDK_OUTDIR": str(folder), "CDK_CONTEXT_JSON": context}
    subprocess.run(command, env=environment, check=True)
    return type("Synthesised", (CdkEngine,), {"app": str(folder)})


def synthesised_small(folder):
    """The engine of a stack of next to nothing that the AWS CDK deploys, with a claim that is none."""
    app = cdk.App(outdir=str(folder))
    synthesizer = cdk.CliCredentialsStackSynthesizer(file_assets_bucket_name=NAMES.bucket)
    stack = cdk.Stack(app, NAMES.fleet, synthesizer=synthesizer)
    iot.CfnPolicy(stack, "Policy", policy_name=f"{NAMES.fleet}-stack", policy_document=POLICY)
    s3_assets.Asset(stack, "Asset", path=__file__)
    nothing = json.dumps({"certificatePem": "", "privateKey": ""})
    claim = secretsmanager.CfnSecret(stack, "Claim", secret_string=nothing)
    for name, value in {Output.CLAIM: claim.attr_id, Output.TABLE: "none"}.items():
        cdk.CfnOutput(stack, name, value=value)
    app.synth()
    return type("SynthesisedSmall", (CdkEngine,), {"app": str(folder)})


class SmallFleet(CdkEngine):
    """A stack and a bucket as the AWS CDK makes them, of next to nothing: there is no claim to go on with."""

    def _deployed_stack(self):
        aws = Aws()
        for asset in ("0" * 64, "1" * 64):
            aws.s3.call("put_object", Bucket=NAMES.bucket, Key=asset, Body=b"ours")
        _create_stack(lambda **given: aws.cloudformation.call("create_stack", **given), NAMES, "stack")
        self._stack._settled(NAMES.fleet)
        return dict.fromkeys(Output, "none")


def standing(outputs):
    """An engine of a fleet that stands before the run, and after it."""

    class Standing:
        makes = commands = ()

        def __init__(self, *_):
            pass

        def deploy(self):
            return outputs

        def destroy(self):
            yield from ()

    return Standing


def _signalled():
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    return True


@contextmanager
def _interruptible():
    """What interrupts this process, and comes back when it knows."""
    taken = threading.Event()

    def take(*_):
        if not taken.is_set():
            taken.set()
            raise KeyboardInterrupt

    def interrupt():
        # Python may wait for the network with a signal that came just before: another one wakes it up.
        tries = (_signalled() and taken.wait(1) for _ in range(SECONDS))
        assert any(tries)

    before = signal.signal(signal.SIGINT, take)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
