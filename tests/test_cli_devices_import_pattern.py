"""What serial numbers an import accepts, against the emulator's DynamoDB."""

import pytest
from aws_cdk import App, CfnOutput, RemovalPolicy, Stack

from device_provisioning.cdk import DeviceAllowList, FleetProvisioning, PreProvisioningHook
from device_provisioning.fleet.pattern_tag import pattern_tag
from tests.support.allow_list_command import NAME, a_file, items, left, run
from tests.support.synthesis import IRELAND
from workshop import cloud_assembly

MAC_ADDRESS = "[0-9A-F]{2}(:[0-9A-F]{2}){5}"

ONE_OF_EACH = "serial_number\nAA:BB:CC:DD:EE:FF\nA-1\n"


def test_a_tag_of_the_table_says_what_serial_numbers_look_like(list_table, tmp_path):
    arn = list_table.describe_table(TableName=NAME)["Table"]["TableArn"]
    tags = [{"Key": key, "Value": value} for key, value in pattern_tag([MAC_ADDRESS]).items()]
    list_table.tag_resource(ResourceArn=arn, Tags=tags)
    result = run("import", a_file(tmp_path, ONE_OF_EACH), "--table", NAME, "--skip-rejects")
    assert result.exit_code == 1
    assert list(items(list_table)) == ["AA:BB:CC:DD:EE:FF"]
    rejects = (tmp_path / "devices.csv.rejects.csv").read_text()
    assert "'A-1' does not match the hook's pattern" in rejects
    assert "serial_number_pattern of FleetProvisioning" in rejects


def test_the_table_of_a_deployed_fleet_says_what_serial_numbers_look_like(emulator, tmp_path, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    stack = Stack(cdk_app := App(outdir=str(tmp_path / "cdk.out")), "Tagged", env=IRELAND)
    devices = DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY)
    PreProvisioningHook(stack, "Hook", device_allow_list=devices, serial_number_pattern=MAC_ADDRESS)
    CfnOutput(stack, "TableName", value=devices.table.table_name)
    cdk_app.synth()
    outputs = cloud_assembly.deploy(emulator, tmp_path / "cdk.out", "Tagged")
    result = run("import", a_file(tmp_path, ONE_OF_EACH), "--table", outputs["TableName"], "--dry-run")
    assert (result.exit_code, "1 rejected" in result.stderr) == (1, True)
    assert "'A-1' does not match" in (tmp_path / "devices.csv.rejects.csv").read_text()
    cloud_assembly.destroy(emulator, "Tagged")


def test_a_serial_number_that_the_default_pattern_keeps_out_is_warned_of(list_table, tmp_path):
    result = run("import", a_file(tmp_path, ONE_OF_EACH), "--table", NAME)
    assert result.exit_code == 0
    assert "the hook would not let 1 serial number through: AA:BB:CC:DD:EE:FF: set" in result.stderr
    assert "serial_number_pattern of FleetProvisioning" in result.stderr


@pytest.mark.parametrize(
    ("pattern", "rejected"), [(None, "AA:BB:CC:DD:EE:FF"), (MAC_ADDRESS, "A-1")], ids=["default", "own"]
)
def test_the_template_of_the_fleet_says_what_serial_numbers_look_like(tmp_path, pattern, rejected):
    folder = tmp_path / "cdk.out"
    stack = Stack(cdk_app := App(outdir=str(folder)), "Fleet")
    settings = {"serial_number_pattern": pattern} if pattern else {}
    FleetProvisioning(stack, "Sensors", thing_name_prefix="sensor-", **settings)
    cdk_app.synth()
    file = a_file(tmp_path, ONE_OF_EACH)
    result = run("import", file, "--table", NAME, "--template", folder, "--validate-only")
    assert (result.exit_code, "1 row valid, 1 rejected" in result.stderr) == (1, True)
    assert f"'{rejected}' does not match" in (tmp_path / "devices.csv.rejects.csv").read_text()


def test_the_pattern_can_be_given(tmp_path):
    options = ["--table", NAME, "--validate-only", "--serial-number-pattern"]
    file = a_file(tmp_path, ONE_OF_EACH)
    assert run("import", file, *options, "[0-9A-Z:-]+").exit_code == 0
    refused = run("import", file, *options, "[")
    assert (refused.exit_code, left(tmp_path)) == (2, ["devices.csv"])
    assert "--serial-number-pattern: serial_number_pattern '[' is not a regular" in refused.stderr
    both = run("import", file, *options, "[A-Z]+", "--template", "cdk.out")
    assert "--template and --serial-number-pattern: give one of them" in both.stderr


def test_a_template_without_a_hook_of_this_library_is_refused(tmp_path):
    template = a_file(tmp_path, '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}', "stack.json")
    file = a_file(tmp_path, ONE_OF_EACH)
    result = run("import", file, "--table", NAME, "--template", template, "--validate-only")
    assert result.exit_code == 2
    assert "contains no hook of this library with a known pattern" in result.stderr
