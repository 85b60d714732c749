"""Fleets that are deployed to an emulator, and what became of the devices that tried to register."""

import time
import uuid
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aws_cdk import App, CfnOutput, Environment, RemovalPolicy, Stack
from aws_cdk import aws_iot as iot
from aws_cdk import aws_lambda as lambda_

from device_provisioning.aws_iot import ref
from device_provisioning.cdk import (
    CertificateSource,
    DeviceAllowList,
    DevicePolicy,
    FleetProvisioning,
    PreProvisioningHook,
)
from device_provisioning.records.batch import batch_key
from workshop import cloud_assembly
from workshop.demo.fleet import SECONDS_FOR_LOGS, Fleet
from workshop.device import Rejected, provision
from workshop.emulator import ACCOUNT, REGION

SETTLE_SECONDS = 30
GROUPS = ("sensors", "lab", "plant7")


class DeployedFleet(Fleet):
    """A fleet with what tests ask of it."""

    def a_serial_number(self, **attributes):
        """A serial number that is on the list."""
        serial_number = f"SN-{uuid.uuid4().hex[:8]}"
        self.put(serial_number, **attributes)
        return serial_number

    def put(self, serial_number, **attributes):
        item = {"serial_number": {"S": serial_number}, **attributes}
        self.emulator.client("dynamodb").put_item(TableName=self.table_name, Item=item)

    def open_batch(self, name, **attributes):
        item = {**batch_key(name), "is_open": {"BOOL": True}, **attributes}
        self.emulator.client("dynamodb").put_item(TableName=self.table_name, Item=item)

    def batch(self, name):
        answer = self.emulator.client("dynamodb").get_item(TableName=self.table_name, Key=batch_key(name))
        return answer["Item"]

    def record(self, serial_number):
        key = {"serial_number": {"S": serial_number}}
        return self.emulator.client("dynamodb").get_item(TableName=self.table_name, Key=key)["Item"]

    def block(self, serial_number):
        self.emulator.client("dynamodb").update_item(
            TableName=self.table_name,
            Key={"serial_number": {"S": serial_number}},
            UpdateExpression="SET blocked = :yes",
            ExpressionAttributeValues={":yes": {"BOOL": True}},
        )

    def let_settle(self, serial_number):
        """As if the reservation were older than an attempt may be under way."""
        self.emulator.client("dynamodb").update_item(
            TableName=self.table_name,
            Key={"serial_number": {"S": serial_number}},
            UpdateExpression="SET reserved_at = if_not_exists(reserved_at, :seconds) - :seconds",
            ExpressionAttributeValues={":seconds": {"N": str(SETTLE_SECONDS)}},
        )

    def provision(self, serial_number, *, own_key=False, client_id=None, **parameters):
        parameters = {"SerialNumber": serial_number, "Site": "lab", **parameters}
        given = {name: value for name, value in parameters.items() if value is not None}
        return provision(
            self.broker, self.claim, self.template_name, given, own_key=own_key, client_id=client_id
        )

    def equip(self, folder):
        """Put into a folder what a device has when it leaves the factory."""
        files = {
            "endpoint": f"{self.broker.host}:{self.broker.port}",
            "ca.pem": self.broker.trust_store.decode(),
            "claim.pem": self.claim.certificate_pem,
            "claim.key": self.claim.private_key,
        }
        for name, text in files.items():
            (folder / name).write_text(text)

    def refusal(self, serial_number, **parameters):
        """The reason that the hook logged when it denied, and the rejection that the device got."""
        before = self.certificates()
        try:
            self.provision(serial_number, **parameters)
        except Rejected as rejection:
            return self.decision(self.judged_since(before))["reason"], rejection
        raise AssertionError(f"{serial_number} was let through")

    def judged_since(self, before):
        """The certificate that the hook judged; a request for one that MQTT delivered twice made two."""
        made, deadline = self.certificates() - before, time.monotonic() + SECONDS_FOR_LOGS
        while time.monotonic() < deadline:
            judged = made & {line.get("certificate_id") for line in self.decisions()}
            if judged:
                (certificate_id,) = judged
                return certificate_id
            time.sleep(0.1)
        raise AssertionError(f"the hook judged none of {made}")

    def thing(self, thing_name):
        return self.emulator.client("iot").describe_thing(thingName=thing_name)

    def things(self):
        pages = self.emulator.client("iot").get_paginator("list_things").paginate()
        return {thing["thingName"] for page in pages for thing in page["things"]}

    def groups(self, thing_name):
        answer = self.emulator.client("iot").list_thing_groups_for_thing(thingName=thing_name)
        return {group["groupName"] for group in answer["thingGroups"]}

    def principals(self, thing_name):
        answer = self.emulator.client("iot").list_thing_principals(thingName=thing_name)
        return answer["principals"]

    def policies(self, certificate_id):
        iot_client = self.emulator.client("iot")
        described = iot_client.describe_certificate(certificateId=certificate_id)
        arn = described["certificateDescription"]["certificateArn"]
        return {policy["policyName"] for policy in iot_client.list_attached_policies(target=arn)["policies"]}

    def certificates(self):
        pages = self.emulator.client("iot").get_paginator("list_certificates").paginate()
        return {c["certificateId"] for page in pages for c in page["certificates"]}


def define_hook(stack, devices, deciding_code=None, listed_parameters=()):
    """A hook that decides by the list, or a function of one's own with this code."""
    if deciding_code is None:
        settings = {"listed_parameters": listed_parameters, "log_removal_policy": RemovalPolicy.DESTROY}
        return PreProvisioningHook(stack, "Hook", device_allow_list=devices, **settings)
    function = lambda_.Function(
        stack,
        "OwnFunction",
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="index.handler",
        code=lambda_.Code.from_inline(deciding_code),
    )
    return PreProvisioningHook(stack, "OwnHook", function=function)


def define_fleet(
    stack, devices, *, deciding_code=None, sites_by_list=False, groups=GROUPS, rotation=None, **settings
):
    """A fleet whose devices choose their site, unless only the list may decide it.

    Its device policy permits the certificate rotation of the name ``rotation``.
    """
    hook = define_hook(stack, devices, deciding_code, ["Site"] if sites_by_list else [])
    policy = DevicePolicy(
        stack, "DevicePolicy", rotation_template_name=rotation, revoke_certificates_on_removal=True
    )
    defaults = {
        "thing_groups": ["sensors", ref("Site")],
        "attributes": {"site": ref("Site")},
        "device_configuration": {"topic": "dt", "site": ref("Site")},
        "device_parameters": [] if sites_by_list else ["Site"],
        "thing_name_prefix": "sensor-",
    }
    fleet = FleetProvisioning(
        stack,
        "Fleet",
        hook=hook,
        device_policy=policy,
        certificate_sources=list(CertificateSource),
        **(settings if "body" in settings else {**defaults, **settings}),
    )
    for name in groups:
        group = iot.CfnThingGroup(stack, f"Group-{name}", thing_group_name=name)
        fleet.template.node.add_dependency(group)
    return fleet


def deploy(emulator, folder, *, stack_name="Fleet", **settings):
    """Deploy a stack, anew or as an update, and look at its fleet; its last resource may be made to fail."""
    assembly = synthesise(folder, stack_name, **settings) if settings else Path(_of_defaults(stack_name).name)
    return DeployedFleet.from_outputs(emulator, cloud_assembly.deploy(emulator, assembly, stack_name))


@cache
def _of_defaults(stack_name):
    """What most deployments begin and end with, synthesised once."""
    folder = TemporaryDirectory(prefix="fleet-")
    synthesise(Path(folder.name), stack_name)
    return folder


def synthesise(folder, stack_name, *, declared=(), last_fails=False, **settings):
    """The folder of a fleet that is synthesised into it."""
    app = App(outdir=str(folder))
    stack = Stack(app, stack_name, env=Environment(account=ACCOUNT, region=REGION))
    devices = DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY)
    devices.add_devices(declared)
    fleet = define_fleet(stack, devices, **settings)
    if last_fails:
        # Another resource of the stack has this name.
        name, nothing = fleet.device_policy.policy_name, {"Version": "2012-10-17", "Statement": []}
        last = iot.CfnPolicy(stack, "Last", policy_name=name, policy_document=nothing)
        last.node.add_dependency(fleet)
    CfnOutput(stack, "TemplateName", value=fleet.template.template_name)
    CfnOutput(stack, "ClaimCertificateSecretArn", value=fleet.claim.secret.secret_arn)
    CfnOutput(stack, "DeviceAllowListTableName", value=devices.table.table_name)
    app.synth()
    return folder
