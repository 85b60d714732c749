"""The command ``device-provisioning explain`` on a terminal."""

import json
from pathlib import Path

from explained import DEVICES, EVERYTHING, SENSORS, explain
from template_files import FOLDER

from device_provisioning.cli.explain.picture import Stage


def test_the_tree_tells_each_stage_in_order_and_what_each_arrow_rests_on():
    result = explain(EVERYTHING)
    assert result.exit_code == 0, result.stderr
    stages = [line[4:] for line in result.stdout.splitlines() if line[4:] in list(Stage)]
    assert stages == list(Stage)
    assert "create: Statement 2 of Role; What the body asks for" in result.stdout
    assert "not in sight: use: The policy sensor-runtime is defined elsewhere" in result.stdout


def test_what_the_rules_find_stands_below_what_it_is_about():
    lines = explain(str(FOLDER / "stack" / "DP034-breaks-6-seconds.json")).stdout.splitlines()
    (hook,) = [number for number, line in enumerate(lines) if "Pre-provisioning hook" in line]
    assert "warning DP034 the function's timeout is 6 seconds" in lines[hook + 1]


def test_devices_are_told_with_what_they_would_get_and_why_some_get_nothing():
    output = explain(SENSORS, "--devices", DEVICES).stdout
    assert "2 provisioned, 2 failed" in output
    assert "line 2: SerialNumber=A-0001, Site=plant7 provisioned sensor-A-0001" in output
    assert "ProvisioningFailed /Resources/thing/Properties/ThingName has characters" in output


def test_many_devices_are_counted_and_the_first_are_told(tmp_path):
    devices = tmp_path / "devices.csv"
    devices.write_text("SerialNumber\n" + "".join(f"A-{number}\n" for number in range(1000)), "utf-8")
    output = explain(SENSORS, "--devices", str(devices)).stdout
    assert "1,000 provisioned" in output
    assert "980 more: device-provisioning simulate tells of each" in output
    assert output.count("SerialNumber=") == 20


def test_it_is_said_that_the_hook_is_not_asked_about_devices(tmp_path):
    devices = tmp_path / "devices.jsonl"
    devices.write_text('{"SerialNumber": "A-1"}\n', "utf-8")
    assert (
        "1 provisioned (by the body, the hook is not asked)"
        in explain(EVERYTHING, "--devices", str(devices)).stdout
    )


def test_of_several_templates_one_has_to_be_chosen():
    stack = str(FOLDER / "stack" / "DP039-holds-two-names.json")
    result = explain(stack)
    assert result.exit_code == 2
    assert f"{stack}: holds 2 provisioning templates: give --resource " in result.stderr
    name = result.stderr.partition("--resource ")[2].split(" ")[0]
    assert explain(stack, "--resource", name).exit_code == 0


def test_a_template_comes_from_standard_input():
    assert explain("-", stdin=Path(EVERYTHING).read_text("utf-8")).stdout.startswith("sensors  Fleet")


def test_what_cannot_be_used_is_told_in_a_line_without_a_traceback(tmp_path):
    empty = tmp_path / "devices.csv"
    empty.write_text("SerialNumber\n", "utf-8")
    for arguments, problem in [
        (["nowhere.json"], "nowhere.json: cannot be read"),
        ([SENSORS, "--type", "iotda"], "--type iotda can't be explained: give a template of AWS IoT"),
        ([SENSORS, "--devices", "devices.txt"], "devices.txt: give a file that ends with .csv or .jsonl"),
        ([SENSORS, "--devices", str(empty)], f"{empty}: holds no device"),
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
