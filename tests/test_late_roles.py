"""Roles that are not known at once, as AWS has them, keep nothing from being deployed."""

import json
import uuid

import pytest
from aws_cdk import App, Stack

from device_provisioning.aws_iot import ListedDevice
from device_provisioning.cdk import DeviceAllowList
from device_provisioning.lambdas.custom_resources import authority_template
from device_provisioning.pulumi_providers import template_api
from device_provisioning.pulumi_providers.template_api import TemplateApi
from tests.support.bodies import a_body, resources
from tests.support.synthesis import IRELAND
from workshop import cloud_assembly
from workshop.emulator import Emulator

pytestmark = pytest.mark.slow
BODY = json.dumps(a_body(Resources=resources(certificate={"Status": "ACTIVE"})))
TRUST = {"Effect": "Allow", "Principal": {"Service": "iot.amazonaws.com"}, "Action": "sts:AssumeRole"}


@pytest.fixture(scope="module")
def late():
    """An emulator that refuses the first two uses of each role."""
    with Emulator(late_roles=2) as running:
        yield running


@pytest.fixture
def name():
    return f"late-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def role_arn(late):
    def role_arn(name):
        document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
        made = late.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
        return made["Role"]["Arn"]

    return role_arn


def test_aws_iot_refuses_a_role_that_it_does_not_see_yet(late, name, role_arn):
    iot = late.client("iot")
    settings = {
        "templateName": name,
        "templateBody": BODY,
        "provisioningRoleArn": role_arn(name),
    }
    for _ in range(2):
        with pytest.raises(iot.exceptions.InvalidRequestException, match=authority_template.NOT_YET):
            iot.create_provisioning_template(**settings)
    iot.create_provisioning_template(**settings)


def test_a_template_waits_for_its_role_when_it_is_made_and_when_it_gets_another(
    late, name, role_arn, monkeypatch
):
    monkeypatch.setattr(template_api, "SECONDS_BETWEEN", 0)
    settings = {
        "template_name": name,
        "template_type": "FLEET_PROVISIONING",
        "template_body": BODY,
        "provisioning_role_arn": role_arn(name),
        "hook_arn": "",
        "description": "",
        "enabled": True,
        "tags": {},
    }
    iot, other = late.client("iot"), role_arn(f"{name}-other")
    TemplateApi(iot, settings).create()
    TemplateApi(iot, {**settings, "provisioning_role_arn": other}).update()
    assert iot.describe_provisioning_template(templateName=name)["provisioningRoleArn"] == other


def test_a_custom_resource_waits_for_the_role_that_it_acts_with(late, tmp_path):
    app = App(outdir=str(tmp_path))
    stack = Stack(app, "Late", env=IRELAND)
    devices = DeviceAllowList(stack, "Devices")
    devices.add_devices([ListedDevice(serial_number="SN-1")])
    app.synth()
    cloud_assembly.deploy(late, tmp_path, "Late")
    (table,) = late.client("dynamodb").list_tables()["TableNames"]
    (item,) = late.client("dynamodb").scan(TableName=table)["Items"]
    assert item["serial_number"] == {"S": "SN-1"}
    cloud_assembly.destroy(late, "Late")
