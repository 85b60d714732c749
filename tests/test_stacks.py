"""The stacks that are ready to deploy, and the examples."""

import json
import os
import subprocess
import sys

import pytest

from tests.support.everything_on_cdk import EXAMPLES, synthesise


def run_program(tmp_path, *command, **variables):
    environment = {**os.environ, "CDK_OUTDIR": str(tmp_path), "PYTHONWARNINGS": "error", **variables}
    ran = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True)
    # CDK says so where code is put together for Lambda.
    reported = [line for line in ran.stderr.splitlines() if not line.startswith("Bundling asset ")]
    assert (ran.returncode, reported) == (0, [])
    return sorted(file.name.removesuffix(".template.json") for file in tmp_path.glob("*.template.json"))


STACKS_OF_CONTEXT = {
    "BulkRegistration": {"bulk_body": "tests/templates/bulk/valid-signing-request.json"},
    "JustInTimeProvisioning": {"ca_certificate": "examples/ca.pem"},
    "JustInTimeRegistration": {"ca_certificate": "examples/ca.pem"},
    "TrustedUser": {"trusted_user": "arn:aws:iam::111122223333:role/Technicians"},
}
RESOURCES_OF_CONTEXT = {
    "AWS::SecretsManager::RotationSchedule": {"claim_rotation_days": "30"},
    "AWS::IoT::TopicRule": {"certificate_rotation": "true"},
}


def types_of_the_fleet(folder):
    template = json.loads((folder / "FleetProvisioning.template.json").read_text())
    return {resource["Type"] for resource in template["Resources"].values()}


def test_context_adds_stacks_and_what_the_fleet_has(tmp_path):
    assert run_program(tmp_path / "without", "-m", "stacks.app") == ["FleetProvisioning"]
    assert not types_of_the_fleet(tmp_path / "without") & RESOURCES_OF_CONTEXT.keys()
    given = [*STACKS_OF_CONTEXT.values(), *RESOURCES_OF_CONTEXT.values()]
    context = json.dumps({name: value for values in given for name, value in values.items()})
    stacks = run_program(tmp_path / "with", "-m", "stacks.app", CDK_CONTEXT_JSON=context)
    assert stacks == sorted(["FleetProvisioning", *STACKS_OF_CONTEXT])
    assert types_of_the_fleet(tmp_path / "with") > RESOURCES_OF_CONTEXT.keys()


def test_context_sets_the_client_ids_of_claims_and_how_devices_obtain_certificates(tmp_path):
    ids, sources = "claim-*, mqtt5-sample-*", "create, create-from-csr"
    context = json.dumps({"claim_client_id_patterns": ids, "certificate_sources": sources})
    run_program(tmp_path, "-m", "stacks.app", CDK_CONTEXT_JSON=context)
    text = (tmp_path / "FleetProvisioning.template.json").read_text()
    outputs = json.loads(text)["Outputs"]
    assert outputs["ClaimClientIdPatterns"]["Value"] == "claim-*, mqtt5-sample-*"
    assert all(f':topic/$aws/certificates/{source}/json"' in text for source in sources.split(", "))


def test_the_command_for_the_endpoint_names_the_region_of_the_stack(tmp_path):
    run_program(tmp_path, "-m", "stacks.app")
    (joined,) = json.loads((tmp_path / "FleetProvisioning.template.json").read_text())["Outputs"][
        "EndpointCommand"
    ]["Value"].values()
    command = "aws iot describe-endpoint --endpoint-type iot:Data-ATS --output text --region "
    assert joined == ["", [command, {"Ref": "AWS::Region"}]]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_synthesises_without_a_warning(name, tmp_path, monkeypatch, capsys):
    assert synthesise(name, tmp_path, monkeypatch)
    reported = capsys.readouterr().err.splitlines()
    assert [line for line in reported if not line.startswith("Bundling asset ")] == []


def test_an_example_is_a_program_of_its_own(tmp_path):
    assert run_program(tmp_path, "examples/quickstart.py") == ["Sensors"]
