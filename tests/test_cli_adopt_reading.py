"""The verb ``adopt``: what it reads from an account, and what it tells of it."""

import json
import re
from dataclasses import replace

import pytest

from device_provisioning.adopt.existing import ExistingHook, ExistingPermission
from device_provisioning.adopt.hardening import hardenings
from device_provisioning.adopt.project import PROGRAMS
from device_provisioning.adopt.reading import read_fleet
from device_provisioning.adopt.reading_hook import read_hook
from device_provisioning.aws_iot.documents import Environment
from device_provisioning.console.aws_calls import AwsCalls
from device_provisioning.console.aws_refusals import NotAllowedError
from device_provisioning.console.sources import UnreadableError
from device_provisioning.fleet.functions import PRE_PROVISIONING_HOOK
from tests.support.adoptable_fleet import BODY, CLAIM, EVERYTHING, NAME, TRUST, adopt, make_by_hand
from tests.support.detaching import detach_policy
from tests.support.existing_fleets import EVERYTHING_SET
from tests.support.explained import explain
from workshop.emulator import ACCOUNT, REGION, Emulator

PLACE = Environment(ACCOUNT, REGION)
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:sensor-hook"


@pytest.fixture(scope="module")
def account():
    """An account of its own, in which a fleet was made by hand."""
    with Emulator() as emulator:
        make_by_hand(emulator)
        yield emulator


@pytest.fixture
def environment(account, monkeypatch):
    for name, value in account.environment().items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("environment")
def test_a_fleet_is_read_with_its_role_hook_permission_and_policies():
    fleet = read_fleet(NAME)
    assert (fleet.name, fleet.body, fleet.enabled, fleet.tags) == (NAME, BODY, True, {"team": "factory"})
    assert fleet.environment == PLACE
    assert (fleet.role.name, fleet.role.path, fleet.role.trust) == ("SensorProvisioning", "/iot/", TRUST)
    assert fleet.hook == ExistingHook(
        FUNCTION,
        "2020-04-01",
        30,
        [ExistingPermission("AllowIot", "lambda:InvokeFunction", "iot.amazonaws.com")],
        handler="index.handler",
    )
    assert [(entry.name, entry.document) for entry in fleet.claim_policies] == [("SensorClaim", CLAIM)]
    assert [(entry.name, entry.tags) for entry in fleet.device_policies] == [("SensorRuntime", {"team": "a"})]
    assert any("found by the template's topics in them: SensorClaim" in remark for remark in fleet.remarks)


@pytest.mark.usefixtures("environment")
def test_what_an_account_has_is_explained_as_a_template_is(tmp_path):
    page = tmp_path / "page.html"
    assert explain("--template", NAME, "--html", str(page)).exit_code == 0
    assert f"<h1>{NAME}</h1>" in page.read_text("utf-8")
    tree = explain("--template", NAME).stdout
    for shown in (
        "Pre-provisioning hook sensor-hook",
        "its own code lets the device in",
        "AllowIot lets AWS IoT invoke it",
        "Provisioning role SensorProvisioning",
        "Claim certificate SensorClaim",
        "Device policy SensorRuntime",
        "without limit: do everything",
    ):
        assert shown in tree
    assert "not found here: asks" not in tree


def said(result):
    """A tree without its lines."""
    return " ".join(result.stdout.replace("│", " ").split())


@pytest.fixture
def second_claim(account):
    """Another certificate, which holds a policy that names no topic, and one that does."""
    iot = account.client("iot")
    iot.create_policy(policyName="Anything", policyDocument=json.dumps(EVERYTHING))
    iot.create_policy(policyName="Unrelated", policyDocument=json.dumps(CLAIM).replace(NAME, "pumps"))
    arn = iot.create_keys_and_certificate(setAsActive=True)["certificateArn"]
    held = ("Anything", "SensorClaim", "Unrelated")
    for name in held:
        iot.attach_policy(policyName=name, target=arn)
    yield arn.rpartition("/")[2][:12]
    for name in held:
        detach_policy(iot, name, arn)
    for name in ("Anything", "Unrelated"):
        iot.delete_policy(policyName=name)


@pytest.mark.usefixtures("environment")
def test_certificates_of_an_account_are_claims_by_all_the_policies_that_they_hold(second_claim):
    tree = said(explain("--template", NAME))
    assert "Claim certificate SensorClaim" in tree
    first, second = tree.split("What it may use at first")[0].split("Claim certificate ")[1:]
    assert first.startswith("SensorClaim ")
    assert second.startswith("SensorClaim and Anything and Unrelated ")
    assert re.search(f"AttachPolicy \\d+ gives Anything to certificate {second_claim}", second)
    assert ["allows iot:* on *" in each for each in (first, second)] == [False, True]
    assert first.count("DP107") == 1
    assert "No certificate" not in tree


def test_a_policy_that_no_certificate_of_an_account_holds_is_said_to_be(account, environment):
    iot = account.client("iot")
    (target,) = iot.list_targets_for_policy(policyName="SensorClaim")["targets"]
    detach_policy(iot, "SensorClaim", target)
    tree = said(explain("--template", NAME))
    iot.attach_policy(policyName="SensorClaim", target=target)
    assert "no certificate of the account holds SensorClaim" in tree


@pytest.mark.usefixtures("environment")
def test_where_an_account_has_no_claim_it_is_said_what_was_not_read(account):
    iot = account.client("iot")
    role = iot.describe_provisioning_template(templateName=NAME)["provisioningRoleArn"]
    iot.create_provisioning_template(templateName="lamps", templateBody=BODY, provisioningRoleArn=role)
    tree = said(explain("--template", "lamps"))
    iot.delete_provisioning_template(templateName="lamps")
    assert "who may create claims for a trusted user is not read" in tree


@pytest.mark.parametrize("refused", ["list_targets_for_policy", "list_attached_policies"])
def test_what_aws_does_not_let_one_see_of_claims_is_said(refused, environment, monkeypatch):
    each = AwsCalls.each

    def called(self, operation, key, **arguments):
        if operation == refused:
            raise NotAllowedError(f"{NAME}: {operation}: AccessDenied: you need iot:{operation}")
        return each(self, operation, key, **arguments)

    monkeypatch.setattr(AwsCalls, "each", called)
    result = explain("--template", NAME)
    assert result.exit_code == 0
    tree = said(result)
    assert "Claim certificate SensorClaim" in tree
    assert f"you need iot:{refused}" in tree


@pytest.mark.usefixtures("environment")
def test_of_many_certificates_with_the_same_policies_one_is_shown(account):
    iot = account.client("iot")
    more = [iot.create_keys_and_certificate()["certificateArn"] for _ in range(12)]
    for arn in more:
        iot.attach_policy(policyName="SensorClaim", target=arn)
    tree = said(explain("--template", NAME))
    for arn in more:
        detach_policy(iot, "SensorClaim", arn)
    assert tree.count("Claim certificate SensorClaim") == 1
    assert "more than 10 certificates hold SensorClaim" in tree


def test_settings_of_a_function_are_read_of_the_hook_of_this_library_only(account, environment):
    function = account.client("lambda")
    variables = {"PASSWORD": "secret", "ALLOW_LIST_TABLE_NAME": "devices"}
    function.update_function_configuration(FunctionName="sensor-hook", Environment={"Variables": variables})
    assert read_fleet(NAME).hook.settings == {}
    own = {
        "Handler": PRE_PROVISIONING_HOOK.handler,
        "Environment": {"Variables": {"ALLOW_LIST_TABLE_NAME": "d"}},
    }
    function.update_function_configuration(FunctionName="sensor-hook", **own)
    assert read_fleet(NAME).hook.settings == {"ALLOW_LIST_TABLE_NAME": "d"}
    before = {"Handler": "index.handler", "Environment": {"Variables": {}}}
    function.update_function_configuration(FunctionName="sensor-hook", **before)


@pytest.mark.parametrize("given", [[], ["file.json", "--template", NAME]])
def test_a_file_or_a_deployed_template_is_explained(given):
    result = explain(*given)
    assert (result.exit_code, result.stderr) == (
        2,
        "give a FILE, or --template with the name of a deployed template\n",
    )


def test_a_permission_for_another_template_or_of_another_service_is_left_alone(account, environment):
    function = account.client("lambda")
    settings = {"FunctionName": "sensor-hook", "Action": "lambda:InvokeFunction"}
    others = {
        "Pumps": {"Principal": "iot.amazonaws.com", "SourceArn": PLACE.template_arn("pumps")},
        "Rule": {"Principal": "events.amazonaws.com"},
    }
    for statement_id, other in others.items():
        function.add_permission(StatementId=statement_id, **settings, **other)
    ours = {
        "Principal": "iot.amazonaws.com",
        "SourceArn": PLACE.template_arn("sens*"),
        "SourceAccount": ACCOUNT,
    }
    function.add_permission(StatementId="Ours", **settings, **ours)
    read = {entry.statement_id: entry for entry in read_fleet(NAME).hook.permissions}
    assert read.keys() == {"AllowIot", "Ours"}
    assert (read["Ours"].source_arn, read["Ours"].source_account) == (PLACE.template_arn("sens*"), ACCOUNT)
    for statement_id in (*others, "Ours"):
        function.remove_permission(FunctionName="sensor-hook", StatementId=statement_id)


@pytest.mark.usefixtures("environment")
def test_policies_of_claims_can_be_named():
    fleet = read_fleet(NAME, ["SensorRuntime"])
    assert [entry.name for entry in fleet.claim_policies] == ["SensorRuntime"]
    with pytest.raises(UnreadableError, match="sensors: there is no policy Nowhere: see `aws iot list-pol"):
        read_fleet(NAME, ["Nowhere"])


def test_other_templates_of_the_role_and_names_that_devices_decide_are_reported(account, environment):
    iot = account.client("iot")
    role = iot.describe_provisioning_template(templateName=NAME)["provisioningRoleArn"]
    body = json.loads(BODY)
    body["Resources"]["policy"]["Properties"]["PolicyName"] = {"Ref": "SerialNumber"}
    body["Resources"]["gone"] = {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "Gone"}}
    iot.create_provisioning_template(
        templateName="pumps", templateBody=json.dumps(body), provisioningRoleArn=role
    )
    pumps = read_fleet("pumps")
    assert pumps.role.other_templates == [NAME]
    reported = "\n".join(pumps.remarks)
    assert f"is used by {NAME} too" in reported
    assert "makes the name of a policy as devices register (*)" in reported
    assert "the policy Gone, which does not exist" in reported
    assert (pumps.enabled, pumps.description, list(pumps.device_policies)) == (False, None, [])
    iot.delete_provisioning_template(templateName="pumps")


def test_what_belongs_to_a_stack_is_reported_with_its_stack(account, environment):
    tags = [{"Key": "aws:cloudformation:stack-name", "Value": "Old"}, {"Key": "a", "Value": "b"}]
    account.client("iam").tag_role(RoleName="SensorProvisioning", Tags=tags)
    fleet = read_fleet(NAME)
    assert fleet.role.tags == {"a": "b"}
    assert any(
        "the role SensorProvisioning belongs to the CloudFormation stack Old" in r for r in fleet.remarks
    )
    account.client("iam").untag_role(RoleName="SensorProvisioning", TagKeys=[tag["Key"] for tag in tags])


def test_a_hook_that_nothing_lets_aws_iot_invoke_is_reported(account, environment):
    function = account.client("lambda")
    statement_id = {"FunctionName": "sensor-hook", "StatementId": "AllowIot"}
    function.remove_permission(**statement_id)
    fleet = read_fleet(NAME)
    assert fleet.hook.permissions == []
    assert "nothing lets AWS IoT invoke sensor-hook for sensors: devices are refused" in fleet.remarks
    function.add_permission(**statement_id, Action="lambda:InvokeFunction", Principal="iot.amazonaws.com")


@pytest.mark.parametrize("engine", PROGRAMS)
def test_the_command_writes_a_program_and_never_over_one(account, engine, tmp_path):
    result = adopt(account, engine, tmp_path / "adopted")
    assert (result.exit_code, result.stderr) == (0, "")
    written = {file.name: file.read_bytes() for file in (tmp_path / "adopted").iterdir()}
    assert result.stdout.split("\n\n", 1)[1].strip() in written["README.md"].decode()
    again = adopt(account, engine, tmp_path / "adopted")
    assert again.exit_code == 2
    assert len(again.stderr.splitlines()) == len(written)
    assert {file.name: file.read_bytes() for file in (tmp_path / "adopted").iterdir()} == written


def test_what_is_not_there_is_one_line_that_says_what_to_do(account, environment, tmp_path):
    def reported(name):
        result = adopt(account, "cdk", tmp_path / name, name=name)
        assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
        (line,) = result.stderr.splitlines()
        return line

    assert "aws iot list-provisioning-templates" in reported("nowhere")
    iot = account.client("iot")
    role = iot.describe_provisioning_template(templateName=NAME)["provisioningRoleArn"]
    iot.create_provisioning_template(
        templateName="roleless", templateBody=BODY, provisioningRoleArn=f"{role}Gone"
    )
    assert "GetRole: NoSuchEntity" in reported("roleless")
    assert "aws iam list-roles" in reported("roleless")
    iot.delete_provisioning_template(templateName="roleless")
    with pytest.raises(UnreadableError, match=r"Function not found.*`aws lambda list-f"):
        read_hook(AwsCalls(NAME, "lambda"), PLACE.template_arn(NAME), {"targetArn": f"{FUNCTION}-gone"})


def test_what_else_a_policy_serves_is_said_before_it_is_narrowed(account, environment):
    iot = account.client("iot")
    own = iot.describe_provisioning_template(templateName=NAME)
    iot.create_provisioning_template(
        templateName="valves",
        templateBody=BODY,
        provisioningRoleArn=own["provisioningRoleArn"],
        enabled=True,
    )
    claim = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "iot:*", "Resource": "*"}],
    }
    iot.create_policy(policyName="EveryClaim", policyDocument=json.dumps(claim))
    try:
        fleet = read_fleet(NAME, ["EveryClaim"])
    finally:
        iot.delete_policy(policyName="EveryClaim")
        iot.delete_provisioning_template(templateName="valves")
    assert [list(policy.other_templates) for policy in fleet.claim_policies] == [["valves"]]
    assert [list(policy.other_templates) for policy in fleet.device_policies] == [["valves"]]
    reported = "is a change of them"
    assert sum("valves" in remark and reported in remark for remark in fleet.remarks) == 3
    found = hardenings(fleet, PROGRAMS["cdk"](fleet))
    narrowed = {hardening.danger: hardening.first for hardening in found}
    by_policy = [
        first for danger, first in narrowed.items() if "by the policy" in danger or "role may" in danger
    ]
    assert by_policy
    assert all("valves too, and" in first for first in by_policy)


@pytest.mark.parametrize(
    ("principal", "action", "advice"),
    [
        ("*", "lambda:*", "narrow its principal and its action by hand"),
        ("iot.amazonaws.com", "lambda:*", "narrow its action by hand"),
    ],
)
def test_a_permission_that_is_wide_in_whom_and_what_is_said_to_be(principal, action, advice):
    wide = ExistingPermission("Any", action, principal)
    fleet = replace(EVERYTHING_SET, hook=replace(EVERYTHING_SET.hook, permissions=[wide]))
    assert any(advice in hardening.first for hardening in hardenings(fleet, PROGRAMS["cdk"](fleet)))
