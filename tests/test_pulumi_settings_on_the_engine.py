"""What Pulumi's own engine shows of settings that are refused: of Python, and of every other language."""

import json
import subprocess
import sys
from pathlib import Path

import pulumi
import pytest
from pulumi.automation import CommandError

from device_provisioning.pulumi import DeviceAllowList, FleetProvisioning, ProvisioningTemplate
from tests.support.needing_engine import needs_engine
from workshop.pulumi_engine import FLEET, pulumi_environment, stack_of

pytestmark = [needs_engine, pytest.mark.timeout(900)]


@pytest.fixture
def shown(emulator, tmp_path):
    """What the preview of a program shows that fails."""

    def preview(program):
        stack = stack_of(FLEET, emulator, tmp_path, program=program)
        lines = []
        with pytest.raises(CommandError) as failed:
            stack.preview(on_output=lines.append, on_error=lines.append)
        text = "\n".join([*lines, str(failed.value)])
        assert "device_provisioning/pulumi/" not in text
        return text

    return preview


def test_a_program_in_another_language_is_shown_path_and_reason(shown):
    # A remote component is what each of the other languages registers.
    def program():
        settings = {"thingNamePrefix": "s-", "enabeld": False, "devices": [{"serialNumber": 1}]}
        pulumi.ComponentResource(
            "device-provisioning:index:FleetProvisioning", "fleet", settings, remote=True
        )

    text = shown(program)
    assert "enabeld" in text
    assert "is not a setting of FleetProvisioning: did you mean enabled?" in text
    assert "devices[0].serialNumber" in text
    assert "which is a number: give a string" in text


@pytest.mark.exhaustive
def test_a_program_in_another_language_is_shown_the_resource_that_is_wanted_instead_of_a_component(shown):
    def program():
        token = "device-provisioning:index"
        devices = pulumi.ComponentResource(f"{token}:DeviceAllowList", "devices", {}, remote=True)
        settings = {"thingNamePrefix": "s-", "deviceAllowList": devices}
        pulumi.ComponentResource(f"{token}:FleetProvisioning", "fleet", settings, remote=True)

    text = shown(program)
    assert "deviceAllowList" in text
    assert "is a DeviceAllowList: give an aws.dynamodb.Table" in text


@pytest.mark.exhaustive
def test_a_program_in_another_language_is_shown_what_a_component_refuses(shown):
    def program():
        pulumi.ComponentResource("device-provisioning:index:PreProvisioningHook", "hook", {}, remote=True)

    text = shown(program)
    assert "give exactly one of device_allow_list" in text
    assert "Unexpected <class" not in text


def test_a_program_in_python_is_shown_all_problems(shown):
    def program():
        devices = DeviceAllowList("devices")
        settings = {"enabeld": False, "device_allow_list": devices}
        FleetProvisioning("fleet", {"thing_name_prefix": "s-", **settings})

    text = shown(program)
    assert "enabeld is not a setting of FleetProvisioning: did you mean enabled?" in text
    assert "device_allow_list is a DeviceAllowList: give its table, an aws.dynamodb.Table" in text
    assert "Traceback" not in text


def test_a_finding_of_a_provider_is_shown_of_the_resource(emulator, tmp_path):
    def program():
        # The program does not know it at once, the provider does.
        body = pulumi.Output.from_input({"Resources": {}})
        ProvisioningTemplate("template", {"body": body})

    stack = stack_of(FLEET, emulator, tmp_path, program=program)
    lines = []
    with pytest.raises(CommandError) as failed:
        stack.up(on_output=lines.append, on_error=lines.append)
    text = "\n".join([*lines, str(failed.value)])
    stack.destroy()
    assert "has a problem: DP102 /Resources" in text
    assert "<nil>" not in text


def test_the_engine_reads_the_schema(emulator, tmp_path):
    plugin = Path(sys.executable).with_name("pulumi-resource-device-provisioning")
    environment = pulumi_environment(emulator, tmp_path)
    read = subprocess.run(
        ["pulumi", "package", "get-schema", plugin],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    fleet = json.loads(read.stdout)["resources"]["device-provisioning:index:FleetProvisioning"]
    assert [part.get("type") for part in fleet["inputProperties"]["thingGroups"]["items"]["oneOf"]] == [
        "string",
        "object",
    ]
