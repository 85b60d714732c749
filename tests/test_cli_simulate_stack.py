"""Templates inside CloudFormation templates, simulated."""

from pathlib import Path

from simulated import BODY, outcomes, simulate
from template_files import FOLDER

STACK = str(FOLDER / "stack" / "valid-template-with-everything.json")


def test_a_template_of_a_stack_is_simulated_and_its_hook_not_forgotten():
    result = simulate(STACK, "--device", "SerialNumber=A-1")
    assert outcomes(result)[0]["result"] == "provisioned"
    assert "the template's pre-provisioning hook is not asked: --hook MODULE:FUNCTION does" in result.stderr


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


def test_a_template_comes_from_standard_input():
    result = simulate("-", "--device", "SerialNumber=A-1", stdin=Path(BODY).read_text("utf-8"))
    assert outcomes(result)[0]["thingName"] == "sensor-A-1"
