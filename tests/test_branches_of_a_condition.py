"""A body that depends on a condition: simulate and explain see each way it can be, as lint does."""

import json
from pathlib import Path

import pytest

from device_provisioning.lint.body_type import BodyType
from device_provisioning.lint.files import lint_text
from tests.support.explained import explain
from tests.support.simulated import outcomes, simulate

DEVICE = ("--device", "SerialNumber=A-1")


def a_body(prefix):
    properties = {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "ACTIVE"}
    return json.dumps(
        {
            "Parameters": {
                "SerialNumber": {"Type": "String"},
                "AWS::IoT::Certificate::Id": {"Type": "String"},
            },
            "Resources": {
                "thing": {
                    "Type": "AWS::IoT::Thing",
                    "Properties": {"ThingName": {"Fn::Sub": f"{prefix}-${{SerialNumber}}"}},
                },
                "certificate": {"Type": "AWS::IoT::Certificate", "Properties": properties},
                "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": f"{prefix}-policy"}},
            },
        }
    )


def a_stack(folder, body, **settings):
    properties = {"Enabled": True, "ProvisioningRoleArn": "arn:aws:iam::111122223333:role/p", **settings}
    resource = {
        "Type": "AWS::IoT::ProvisioningTemplate",
        "Properties": {**properties, "TemplateBody": body},
    }
    conditions = {name: {"Fn::Equals": [{"Ref": "AWS::Region"}, name]} for name in ("Prod", "Large")}
    file = folder / "stack.json"
    file.write_text(json.dumps({"Conditions": conditions, "Resources": {"Template": resource}}))
    return str(file)


@pytest.fixture
def two(tmp_path):
    return a_stack(tmp_path, {"Fn::If": ["Prod", a_body("live"), a_body("test")]})


@pytest.fixture
def one_is_broken(tmp_path):
    return a_stack(tmp_path, {"Fn::If": ["Prod", a_body("live"), a_body("te st")]})


def test_a_device_is_simulated_with_each_of_the_bodies_and_each_is_named(two):
    result = simulate(two, *DEVICE)
    (outcome,) = outcomes(result)
    assert result.exit_code == 0
    names = {tuple(branch["conditions"].items()): branch["thingName"] for branch in outcome["branches"]}
    assert names == {(("Prod", True),): "live-A-1", (("Prod", False),): "test-A-1"}
    assert "the body depends on conditions" in result.stderr
    assert "Prod=true; Prod=false" in result.stderr


def test_a_device_that_one_of_the_bodies_refuses_fails_as_lint_says_of_that_body(one_is_broken):
    found = {finding.code for _, finding in lint_text(Path(one_is_broken).read_text(), BodyType.FLEET, {})}
    result = simulate(one_is_broken, *DEVICE)
    (outcome,) = outcomes(result)
    assert "DP023" in found
    assert (result.exit_code, outcome["result"]) == (1, "failed")
    assert [branch["result"] for branch in outcome["branches"]] == ["provisioned", "failed"]


def test_a_condition_can_be_chosen(one_is_broken):
    live = simulate(one_is_broken, *DEVICE, "--condition", "Prod=true")
    test = simulate(one_is_broken, *DEVICE, "--condition", "Prod=false")
    assert [(outcome["thingName"], "branches" in outcome) for outcome in outcomes(live)] == [
        ("live-A-1", False)
    ]
    assert (live.exit_code, test.exit_code) == (0, 1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Prod", "--condition 'Prod': give NAME=true or NAME=false"),
        ("Prod=yes", "--condition 'Prod=yes': give NAME=true or NAME=false"),
        ("Nothing=true", "no condition Nothing decides anything here: give Prod"),
    ],
)
def test_a_condition_that_decides_nothing_is_refused(two, given, said):
    for command in (simulate(two, *DEVICE, "--condition", given), explain(two, "--condition", given)):
        assert command.exit_code == 2
        assert said in " ".join(command.stderr.split())


def test_a_condition_that_changes_nothing_of_the_template_multiplies_nothing(tmp_path):
    body = a_body("live")
    file = a_stack(tmp_path, {"Fn::If": ["Prod", body, body]}, Description={"Fn::If": ["Large", "a", "b"]})
    (outcome,) = outcomes(simulate(file, *DEVICE))
    assert "branches" not in outcome


def test_a_hook_is_asked_about_a_device_once(two, tmp_path, monkeypatch):
    (tmp_path / "counting.py").write_text(
        "import pathlib\n\n\ndef handler(event, context):\n"
        "    with pathlib.Path('asked').open('a') as file:\n        file.write('once\\n')\n"
        "    return {'allowProvisioning': event['parameters']['SerialNumber'] != 'A-2'}\n"
    )
    monkeypatch.chdir(tmp_path)
    result = simulate(two, *DEVICE, "--hook", "counting:handler")
    assert (tmp_path / "asked").read_text() == "once\n"
    assert [branch["result"] for branch in outcomes(result)[0]["branches"]] == ["provisioned"] * 2
    (denied,) = outcomes(simulate(two, "--device", "SerialNumber=A-2", "--hook", "counting:handler"))
    assert denied["result"] == "failed"


def test_several_processes_simulate_the_same(two, tmp_path, monkeypatch):
    monkeypatch.setattr("device_provisioning.simulation.run.FEW", 1)
    devices = tmp_path / "devices.csv"
    devices.write_text("SerialNumber\n" + "".join(f"A-{number}\n" for number in range(4)))
    alone, several = (simulate(two, "--devices", str(devices), "--workers", str(n)) for n in (1, 2))
    assert alone.stdout == several.stdout
    assert len(outcomes(several)) == 4


def test_each_of_the_bodies_is_explained_and_named(two):
    result = explain(two)
    assert result.exit_code == 0, result.stderr
    assert "Where Prod=true" in result.stdout
    assert "Where Prod=false" in result.stdout
    assert result.stdout.index("live-policy") < result.stdout.index("test-policy")


def test_a_chosen_body_is_explained_alone(two):
    result = explain(two, "--condition", "Prod=false")
    assert "Where" not in result.stdout
    assert "test-policy" in result.stdout
    assert "live-policy" not in result.stdout


def test_a_page_shows_one_of_them_so_that_it_has_to_be_chosen(two, tmp_path):
    page = tmp_path / "page.html"
    refused = explain(two, "--html", str(page))
    assert refused.exit_code == 2
    assert "give --condition Prod=true or --condition Prod=false" in " ".join(refused.stderr.split())
    assert explain(two, "--html", str(page), "--condition", "Prod=false").exit_code == 0
    assert "test-policy" in page.read_text()
