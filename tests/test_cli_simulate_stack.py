"""Templates inside CloudFormation templates, simulated."""

from pathlib import Path

from aws_cdk import App, Stack

from device_provisioning.aws_iot import ref
from device_provisioning.cdk import FleetProvisioning
from tests.support.simulated import BODY, outcomes, simulate
from tests.support.template_files import FOLDER

STACK = str(FOLDER / "stack" / "valid-template-with-everything.json")


def test_a_template_of_a_stack_is_simulated_and_its_hook_not_forgotten():
    result = simulate(STACK, "--device", "SerialNumber=A-1")
    assert outcomes(result)[0]["result"] == "provisioned"
    assert (
        "the template's pre-provisioning hook was not run: give --hook MODULE:FUNCTION to run it"
        in result.stderr
    )


def test_the_type_of_a_template_in_a_stack_is_its_own():
    stack = str(FOLDER / "stack" / "valid-jitp-template-of-a-ca.json")
    result = simulate(stack, "--device", "AWS::IoT::Certificate::CommonName=pump-7")
    assert outcomes(result)[0]["thingName"] == "pump-7"


def test_of_several_templates_one_has_to_be_chosen():
    stack = str(FOLDER / "stack" / "DP039-holds-two-names.json")
    result = simulate(stack, "--device", "SerialNumber=A-1")
    assert result.exit_code == 2
    message = result.stderr.splitlines()[-1]
    assert "holds 2 provisioning templates: give --resource " in message
    for resource in message.partition("--resource ")[2].split(" or "):
        name = resource.split(" ")[0]
        assert simulate(stack, "--device", "SerialNumber=A-1", "--resource", name).exit_code == 0
    assert "has no template Nothing" in simulate(stack, "--device", "A=1", "--resource", "Nothing").stderr


def test_the_folder_of_our_own_stack_is_simulated(tmp_path):
    from test_cli_lint import synthesised

    folder = synthesised(tmp_path / "cdk.out")
    (outcome,) = outcomes(simulate(str(folder), "--device", "SerialNumber=A-1"))
    assert (outcome["result"], outcome["thingName"]) == ("provisioned", "sensor-A-1")


MAC_ADDRESS = "AA:BB:CC:DD:EE:FF"


def a_fleet(folder, **settings):
    app = App(outdir=str(folder / "cdk.out"))
    FleetProvisioning(Stack(app, "Fleet"), "Sensors", thing_name_prefix="sensor-", **settings)
    app.synth()
    return str(folder / "cdk.out")


def test_a_serial_number_that_the_hook_would_not_let_through_is_denied_with_what_to_do(tmp_path):
    result = simulate(a_fleet(tmp_path), "--device", f"SerialNumber={MAC_ADDRESS}")
    (outcome,) = outcomes(result)
    (failure,) = outcome["failures"]
    assert (result.exit_code, outcome["result"]) == (1, "failed")
    assert (failure["reason"], failure["given"]) == ("AccessDenied", MAC_ADDRESS)
    assert "serial number is malformed" in failure["problem"]
    assert "serial_number_pattern of FleetProvisioning" in failure["problem"]


def test_the_pattern_of_the_fleet_decides_what_is_denied(tmp_path):
    folder = a_fleet(tmp_path, serial_number_pattern="[0-9A-F]{2}(:[0-9A-F]{2}){5}")
    (outcome,) = outcomes(simulate(folder, "--device", f"SerialNumber={MAC_ADDRESS}"))
    assert (outcome["result"], outcome["thingName"]) == ("provisioned", f"sensor-{MAC_ADDRESS}")
    (denied,) = outcomes(simulate(folder, "--device", "SerialNumber=A-1"))
    assert denied["result"] == "failed"


def test_a_device_that_sends_its_serial_number_under_another_name_is_denied(tmp_path):
    folder = a_fleet(tmp_path, serial_number_parameter="Serial")
    (outcome,) = outcomes(simulate(folder, "--device", "SerialNumber=A-1"))
    assert outcome["failures"][0]["problem"] == "the hook denies: parameter Serial is missing"


def test_it_is_said_that_the_list_is_not_read_and_what_only_the_list_gives(tmp_path):
    folder = a_fleet(tmp_path, thing_groups=[ref("Site")])
    result = simulate(folder, "--device", "SerialNumber=A-1", "Site=plant7")
    assert outcomes(result)[0]["thingGroups"] == ["plant7"]
    assert "the hook's settings are applied, but its list is not read" in result.stderr
    assert "only the list gives Site: what a device supplies stands in for the list's value" in result.stderr


def test_a_template_comes_from_standard_input():
    result = simulate("-", "--device", "SerialNumber=A-1", stdin=Path(BODY).read_text("utf-8"))
    assert outcomes(result)[0]["thingName"] == "sensor-A-1"
