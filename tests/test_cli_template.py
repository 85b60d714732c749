"""The verbs ``template …`` of the command, on the emulator."""

import json

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from typer.testing import CliRunner

from device_provisioning.aws_iot.fleet_body import fleet_body
from device_provisioning.cli import app
from device_provisioning.cli.template import agreement
from device_provisioning.console.aws_calls import AwsCalls
from device_provisioning.console.sources import UnreadableError
from device_provisioning.template_versions.differences import differences
from workshop.emulator import ACCOUNT

NAME = "watched"


def body(number):
    return fleet_body(policy_name=f"policy-{number}", thing_name_prefix="watched-")


@pytest.fixture(autouse=True)
def environment(emulator, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def iot(emulator):
    iot = emulator.client("iot")
    iot.create_provisioning_template(
        templateName=NAME,
        templateBody=body(1).to_json(),
        provisioningRoleArn=f"arn:aws:iam::{ACCOUNT}:role/provisioning",
        enabled=True,
    )
    yield iot
    iot.delete_provisioning_template(templateName=NAME)


def add(iot, *numbers):
    for number in numbers:
        iot.create_provisioning_template_version(
            templateName=NAME, templateBody=body(number).to_json(), setAsDefault=True
        )


def run(verb, *arguments, answer=None):
    return CliRunner().invoke(app, ["template", verb, *arguments], input=answer)


def default(iot):
    return iot.describe_provisioning_template(templateName=NAME)["defaultVersionId"]


def version_ids(iot):
    versions = iot.list_provisioning_template_versions(templateName=NAME)["versions"]
    return sorted(version["versionId"] for version in versions)


def test_status_shows_what_the_template_is_and_which_version_devices_get(iot):
    add(iot, 2, 1)
    lines = [line.split() for line in run("status", NAME).stdout.splitlines() if line.strip()]
    assert ["enabled", "yes"] in lines
    assert ["hook", "none"] in lines
    assert [line[0] for line in lines[-3:]] == ["3", "2", "1"]
    assert lines[-3][-1] == "default"
    assert lines[-1][-4:] == ["same", "body", "as", "3"]


def test_diff_shows_places_and_values_and_tells_by_its_exit_status(tmp_path):
    file = tmp_path / "body.json"
    file.write_text(body(2).to_json())
    result = run("diff", NAME, str(file))
    assert result.exit_code == 1
    place = "/Resources/policy/Properties/PolicyName"
    assert result.stdout.splitlines() == [f'- {place} "policy-1"', f'+ {place} "policy-2"']


def test_diff_sees_no_difference_in_blanks_and_order(tmp_path):
    file = tmp_path / "body.json"
    file.write_text(json.dumps(body(1).document, indent=3, sort_keys=True))
    assert (run("diff", NAME, str(file)).exit_code, run("diff", NAME, str(file)).stdout) == (0, "")


def test_diff_compares_with_another_version_and_with_a_cloudformation_template(iot, tmp_path):
    add(iot, 2)
    properties = {"TemplateBody": body(2).to_json(), "ProvisioningRoleArn": "arn"}
    stack = {"Resources": {"Mine": {"Type": "AWS::IoT::ProvisioningTemplate", "Properties": properties}}}
    (tmp_path / "Stack.template.json").write_text(json.dumps(stack))
    assert run("diff", NAME, str(tmp_path)).exit_code == 0
    assert run("diff", NAME, str(tmp_path), "--version", "1").exit_code == 1
    assert run("diff", NAME, str(tmp_path), "--resource", "Other").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((NAME, "nowhere.json"), "nowhere.json: cannot be read"),
        ((NAME, "FILE", "--version", "7"), "watched: has no version 7: there are 1"),
        (("nowhere", "FILE"), "nowhere: DescribeProvisioningTemplate: ResourceNotFoundException"),
    ],
)
def test_diff_tells_what_it_cannot_read(arguments, problem, tmp_path):
    file = tmp_path / "body.json"
    file.write_text(body(1).to_json())
    result = run("diff", *[str(file) if argument == "FILE" else argument for argument in arguments])
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert problem in line


def test_rollback_shows_the_difference_asks_and_does_it(iot):
    add(iot, 2)
    result = run("rollback", NAME, answer="y\n")
    assert '+ /Resources/policy/Properties/PolicyName "policy-1"' in result.stdout
    assert "Make version 1 of watched the default instead of 2?" in result.stdout
    assert (result.exit_code, default(iot)) == (0, 1)


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_rollback_does_nothing_when_nobody_says_yes(iot, answer):
    add(iot, 2)
    assert run("rollback", NAME, answer=answer).exit_code == 1
    assert default(iot) == 2


def test_rollback_passes_by_versions_with_the_same_body(iot):
    add(iot, 2, 2)
    assert run("rollback", NAME, "--yes").exit_code == 0
    assert default(iot) == 1


def test_rollback_goes_to_the_version_that_is_named(iot):
    add(iot, 2, 3)
    run("rollback", NAME, "--to", "1", "--yes")
    assert default(iot) == 1
    run("rollback", NAME, "--to", "3", "--yes")
    assert default(iot) == 3
    assert "version 3 is already the default" in run("rollback", NAME, "--to", "3").stdout


def test_rollback_tells_when_there_is_nothing_to_go_back_to():
    result = run("rollback", NAME, "--yes")
    assert result.exit_code == 2
    assert "no version before 1 has another body: give --to VERSION" in result.stderr


def test_prune_keeps_the_default_and_two_other_bodies(iot):
    add(iot, 2, 3, 3, 4)
    result = run("prune", NAME, "--yes")
    assert (result.exit_code, result.stdout) == (0, "deleted versions 1, 3\n")
    assert version_ids(iot) == [2, 4, 5]
    assert "nothing to delete" in run("prune", NAME).stdout


@pytest.fixture
def deployed_meanwhile(iot, monkeypatch):
    """Somebody deploys while a question stands, and the answer is yes."""

    def deploy(step):
        def confirm(*_):
            step()
            return True

        monkeypatch.setattr(agreement.typer, "confirm", confirm)

    return deploy


def test_rollback_does_not_override_what_was_deployed_while_it_asked(iot, deployed_meanwhile):
    add(iot, 2)
    deployed_meanwhile(lambda: add(iot, 3))
    result = run("rollback", NAME)
    assert (result.exit_code, default(iot)) == (2, 3)
    assert "version 3 became the default in the meantime: nothing was changed: check again" in result.stderr


def test_prune_deletes_nothing_when_versions_changed_while_it_asked(iot, deployed_meanwhile):
    add(iot, 2, 3, 4)
    deployed_meanwhile(lambda: iot.update_provisioning_template(templateName=NAME, defaultVersionId=1))
    assert run("prune", NAME).exit_code == 2
    assert version_ids(iot) == [1, 2, 3, 4]


def test_prune_that_stops_says_what_it_deleted(iot, monkeypatch):
    add(iot, 2, 3, 4, 5)
    call, deleted = AwsCalls.call, []

    def refused_once(calls, operation, **arguments):
        if operation == "delete_provisioning_template_version":
            deleted.append(arguments["versionId"])
            if len(deleted) == 2:
                raise UnreadableError("watched: is throttled")
        return call(calls, operation, **arguments)

    monkeypatch.setattr(AwsCalls, "call", refused_once)
    result = run("prune", NAME, "--yes")
    assert result.exit_code == 2
    assert result.stderr == f"watched: is throttled\ndeleted versions {deleted[0]} before\n"


def test_a_dry_run_shows_the_calls_and_makes_none(iot):
    add(iot, 2, 2)
    result = run("rollback", NAME, "--dry-run")
    call = 'update_provisioning_template {"templateName": "watched", "defaultVersionId": 1}'
    assert call in result.stdout.splitlines()
    result = run("prune", NAME, "--dry-run")
    call = 'delete_provisioning_template_version {"templateName": "watched", "versionId": 2}'
    assert result.stdout.splitlines() == [call]
    assert (default(iot), version_ids(iot)) == (3, [1, 2, 3])


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("AccessDeniedException", "you need iot:DescribeProvisioningTemplate"),
        ("UnauthorizedException", "you need iot:DescribeProvisioningTemplate"),
        ("ExpiredTokenException", "sign in again"),
        ("ThrottlingException", "wait a moment and try again"),
        ("ConflictingResourceUpdateException", "it is being modified by another operation"),
        ("VersionsLimitExceededException", "template prune"),
        ("InternalFailureException", "wait a moment and try again"),
        ("UnheardOf", "two lines: see https://docs.aws.amazon.com/iot/latest/apireference/API_Describe"),
    ],
)
def test_every_answer_of_aws_becomes_one_line_that_says_what_to_do(code, advice):
    calls = AwsCalls("sensors")

    def refuse(**_arguments):
        error = {"Error": {"Code": code, "Message": "two\nlines"}}
        raise ClientError(error, "DescribeProvisioningTemplate")

    calls._client.describe_provisioning_template = refuse
    with pytest.raises(UnreadableError) as refused:
        calls.call("describe_provisioning_template", templateName="sensors")
    assert advice in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_aws_never_takes_is_not_said_to_be_a_matter_of_credentials():
    with pytest.raises(UnreadableError, match="Invalid length for parameter templateName") as refused:
        AwsCalls("sensors").call("describe_provisioning_template", templateName="")
    assert "AWS_PROFILE" not in str(refused.value)


def test_an_endpoint_that_does_not_answer_is_one_line_that_says_what_to_do():
    calls = AwsCalls("sensors")

    def fail(**_arguments):
        raise EndpointConnectionError(endpoint_url="https://iot.example")

    calls._client.describe_provisioning_template = fail
    with pytest.raises(UnreadableError, match="the network, and AWS_ENDPOINT_URL"):
        calls.call("describe_provisioning_template", templateName="sensors")


@pytest.mark.parametrize(
    ("deployed", "wanted", "lines"),
    [
        ({"a": 1}, {"a": 1.0}, ["- /a 1", "+ /a 1.0"]),
        ({"a": True}, {"a": 1}, ["- /a true", "+ /a 1"]),
        ({"a": {}}, {"a": {"b": 1}}, ["+ /a/b 1"]),
        ({"a": {"b": 1}}, {"a": {}}, ["- /a/b 1"]),
        ({"a": [1, 2]}, {"a": [2, 1]}, ["- /a [1, 2]", "+ /a [2, 1]"]),
        ({"a/b": {"~": "é"}}, {}, ['- /a~1b/~0 "\\u00e9"']),
        ({"a": None}, {}, ["- /a null"]),
    ],
)
def test_a_difference_is_reported_once_with_its_place(deployed, wanted, lines):
    assert differences(deployed, wanted) == lines
    assert differences(wanted, wanted) == []
