"""The command ``device-provisioning explain`` on a terminal."""

import json
from pathlib import Path

from aws_cdk import App, Stack

from device_provisioning.aws_iot import ref
from device_provisioning.cdk import FleetProvisioning
from device_provisioning.explain.picture import Stage
from tests.support.explained import DEVICES, EVERYTHING, SENSORS, explain
from tests.support.template_files import FOLDER


def test_the_tree_tells_each_stage_in_order_and_what_each_arrow_rests_on():
    result = explain(EVERYTHING)
    assert result.exit_code == 0, result.stderr
    stages = [line[4:] for line in result.stdout.splitlines() if line[4:] in list(Stage)]
    assert stages == list(Stage)
    assert "create: Statement 2 of Role; What the body asks for" in result.stdout
    assert "not found here: use: The policy sensor-runtime is defined elsewhere" in result.stdout


def test_what_the_rules_find_stands_below_what_it_is_about():
    lines = explain(str(FOLDER / "stack" / "DP034-breaks-6-seconds.json")).stdout.splitlines()
    (hook,) = [number for number, line in enumerate(lines) if "Pre-provisioning hook" in line]
    assert "warning DP034 the function's timeout is 6 seconds" in lines[hook + 1]


def test_devices_are_reported_with_what_they_would_get_and_why_some_get_nothing():
    output = explain(SENSORS, "--devices", DEVICES).stdout
    assert "2 provisioned, 2 failed" in output
    assert "line 2: SerialNumber=A-0001, Site=plant7 provisioned sensor-A-0001" in output
    assert "ProvisioningFailed /Resources/thing/Properties/ThingName has characters" in output


def test_many_devices_are_counted_and_the_first_are_reported(tmp_path):
    devices = tmp_path / "devices.csv"
    devices.write_text("SerialNumber\n" + "".join(f"A-{number}\n" for number in range(1000)), "utf-8")
    output = explain(SENSORS, "--devices", str(devices)).stdout
    assert "1,000 provisioned" in output
    assert "980 more: device-provisioning simulate shows each" in output
    assert output.count("SerialNumber=") == 20


def test_it_is_said_that_the_hook_is_not_asked_about_devices(tmp_path):
    devices = tmp_path / "devices.jsonl"
    devices.write_text('{"SerialNumber": "A-1"}\n', "utf-8")
    assert (
        "1 provisioned (by the body, the hook was not run)"
        in explain(EVERYTHING, "--devices", str(devices)).stdout
    )


def test_the_hook_of_this_library_shows_its_settings_and_applies_them_to_devices(tmp_path):
    app = App(outdir=str(tmp_path / "cdk.out"))
    FleetProvisioning(Stack(app, "Fleet"), "Sensors", thing_name_prefix="s-", thing_groups=[ref("Site")])
    app.synth()
    devices = tmp_path / "devices.csv"
    devices.write_text("SerialNumber,Site\nA-1,lab\nAA:BB,lab\n")
    reported = explain(str(tmp_path / "cdk.out"), "--devices", str(devices)).stdout
    output = " ".join(reported.replace("│", " ").split())
    assert "only the list gives Site" in output
    assert "serial numbers match [A-Za-z0-9][A-Za-z0-9_-]{0,127}" in output
    assert "1 provisioned, 1 failed (by the body, the hook's list was not read)" in output
    assert "serial_number_pattern of FleetProvisioning" in output


def test_of_several_templates_one_has_to_be_chosen():
    stack = str(FOLDER / "stack" / "DP039-holds-two-names.json")
    result = explain(stack)
    assert result.exit_code == 2
    assert f"{stack}: holds 2 provisioning templates: give --resource " in result.stderr
    name = result.stderr.partition("--resource ")[2].split(" ")[0]
    assert explain(stack, "--resource", name).exit_code == 0


def test_a_template_comes_from_standard_input():
    assert explain("-", stdin=Path(EVERYTHING).read_text("utf-8")).stdout.startswith("sensors  Fleet")


def test_what_cannot_be_used_is_reported_in_a_line_without_a_traceback(tmp_path):
    empty = tmp_path / "devices.csv"
    empty.write_text("SerialNumber\n", "utf-8")
    for arguments, problem in [
        (["nowhere.json"], "nowhere.json: cannot be read"),
        ([SENSORS, "--type", "iotda"], "--type iotda can't be explained: give a template of AWS IoT"),
        ([SENSORS, "--devices", "devices.txt"], "devices.txt: give a file that ends with .csv or .jsonl"),
        ([SENSORS, "--devices", str(empty)], f"{empty}: contains no devices"),
        ([SENSORS, "--devices", str(tmp_path / "no.csv")], "no.csv: cannot be read"),
    ]:
        result = explain(*arguments)
        assert (result.exit_code, problem in result.stderr, result.stdout) == (2, True, ""), result.stderr


def test_what_could_move_the_cursor_of_a_terminal_is_written_out(tmp_path):
    body = json.loads(Path(SENSORS).read_text("utf-8"))
    body["Resources"]["thing"]["Properties"]["ThingName"] = "a\x1b[2Jb"
    file = tmp_path / "body.json"
    file.write_text(json.dumps(body), "utf-8")
    output = explain(str(file)).stdout
    assert "\x1b" not in output
    assert "a\\x1b[2Jb" in output


def test_many_fleets_to_choose_from_are_named_a_line_each_and_no_more_than_twenty(tmp_path):
    properties = {"TemplateBody": "{}", "ProvisioningRoleArn": "arn"}
    template = {"Type": "AWS::IoT::ProvisioningTemplate", "Properties": properties}
    stack = {"Resources": {f"Fleet{number}": template for number in range(30)}}
    (tmp_path / "S.template.json").write_text(json.dumps(stack))
    result = explain(str(tmp_path))
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert "holds 30 provisioning templates: give --resource one of" in lines[0]
    assert (len(lines), lines[-1].rpartition(": ")[2]) == (22, "and 10 more")
