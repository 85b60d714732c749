"""What users get of resources that are L1s inside: constructs with grants and metrics, once they ask."""

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from aws_cdk.assertions import Match, Template

from device_provisioning.cdk import DeviceAllowList, FleetProvisioning, TokenExchange
from device_provisioning.cdk.log_retention import days_of
from tests.support.synthesis import a_stack

POLICY = "AWS::IAM::Policy"


def a_fleet(stack, **settings):
    return FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-", **settings)


def logical_id(template, resource_type, beginning):
    (found,) = [name for name in template.find_resources(resource_type) if name.startswith(beginning)]
    return found


def test_nobody_who_asks_for_no_view_gets_one():
    stack = a_stack()
    a_fleet(stack)
    assert [each.node.path for each in stack.node.find_all() if each.node.id.endswith("View")] == []


def test_a_view_is_made_once():
    fleet = a_fleet(a_stack())
    assert fleet.role is fleet.role is fleet.template.role
    assert fleet.hook.function is fleet.hook.function
    assert fleet.device_allow_list.table is fleet.device_allow_list.table
    assert fleet.claim.secret is fleet.claim.secret


@pytest.mark.parametrize(
    ("beginning", "role_of"),
    [
        ("FleetTemplateRole", lambda stack: a_fleet(stack).role),
        ("ExchangeRole", lambda stack: TokenExchange(stack, "Exchange").role),
    ],
)
def test_a_role_can_be_granted_more(beginning, role_of):
    stack = a_stack()
    queue = sqs.Queue(stack, "Queue")
    grant = queue.grant_send_messages(role_of(stack))
    grant.assert_success()
    template = Template.from_stack(stack)
    template.has_resource_properties(
        POLICY,
        {
            "Roles": [{"Ref": logical_id(template, "AWS::IAM::Role", beginning)}],
            "PolicyDocument": {"Statement": [Match.object_like({"Action": Match.any_value()})]},
        },
    )


def test_the_role_of_a_hook_stays_as_it_is_as_devices_reach_it():
    stack = a_stack()
    a_fleet(stack).hook.function.grant_principal.add_to_principal_policy(
        iam.PolicyStatement(actions=["s3:*"], resources=["*"])
    )
    Template.from_stack(stack).resource_count_is(POLICY, 0)


def test_a_hook_can_be_invoked_by_whom_that_is_granted_and_has_metrics():
    stack = a_stack()
    function = a_fleet(stack).hook.function
    function.grant_invoke(iam.ServicePrincipal("events.amazonaws.com"))
    template = Template.from_stack(stack)
    name = logical_id(template, "AWS::Lambda::Function", "FleetHook")
    template.has_resource_properties(
        "AWS::Lambda::Permission",
        {"FunctionName": {"Fn::GetAtt": [name, "Arn"]}, "Principal": "events.amazonaws.com"},
    )
    assert function.metric_errors().metric_name == "Errors"


def test_a_table_can_be_read_by_whom_that_is_granted_with_its_key():
    stack = a_stack()
    role = iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())
    devices = DeviceAllowList(stack, "Devices", encryption_key=kms.Key(stack, "Key"))
    devices.table.grant_read_data(role)
    template = Template.from_stack(stack)
    (policy,) = template.find_resources(POLICY).values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert "dynamodb:GetItem" in str(statements)
    assert "kms:Decrypt" in str(statements)
    assert logical_id(template, "AWS::DynamoDB::Table", "Devices") in str(statements)


def test_a_function_a_table_and_a_secret_are_known_by_their_names():
    stack = a_stack()
    fleet = a_fleet(stack)
    template = Template.from_stack(stack)
    table = logical_id(template, "AWS::DynamoDB::Table", "Fleet")
    secret = logical_id(template, "AWS::SecretsManager::Secret", "Fleet")
    function = logical_id(template, "AWS::Lambda::Function", "FleetHook")
    log_group = logical_id(template, "AWS::Logs::LogGroup", "FleetHook")
    assert stack.resolve(fleet.device_allow_list.table.table_name) == {"Ref": table}
    assert stack.resolve(fleet.claim.secret.secret_arn) == {"Fn::GetAtt": [secret, "Id"]}
    assert stack.resolve(fleet.hook.function.function_arn) == {"Fn::GetAtt": [function, "Arn"]}
    assert stack.resolve(fleet.hook.function_name) == {"Ref": function}
    assert stack.resolve(fleet.hook.log_group_name) == {"Ref": log_group}


def test_log_lines_are_kept_as_long_as_cdk_says():
    stack = a_stack()
    for retention in logs.RetentionDays:
        logs.LogGroup(stack, retention.name, retention=retention)
    groups = Template.from_stack(stack).find_resources("AWS::Logs::LogGroup").values()
    kept = [group.get("Properties", {}).get("RetentionInDays") for group in groups]
    assert kept == [days_of(retention) for retention in logs.RetentionDays]
