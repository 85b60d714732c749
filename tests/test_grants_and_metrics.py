"""What CDK offers by methods: Pulumi's other languages can't call a component's, so there it is otherwise."""

import inspect
import json
import re
from pathlib import Path

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from device_provisioning import cdk, pulumi
from device_provisioning.aws_iot import BulkTemplate, FleetTemplate, Parameter, Policy, Thing, ref
from documentation.engine_differences import POLICIES
from documentation.engines_table import methods
from tests.support.pulumi_program import ran
from tests.support.synthesis import a_stack, in_partition_aws, properties

BODY = FleetTemplate(
    parameters={"SerialNumber": Parameter()},
    thing=Thing(thing_name=ref("SerialNumber")),
    policies=[Policy(policy_name="sensor")],
)
METRICS = re.findall(
    r"^\| `(\w+)` \| `(\w+)` \| `([\w/]+)` \| `([\w.]+)` \|(?: `(\w+)`)? \|$",
    Path("docs/metrics.md").read_text("utf-8"),
    re.M,
)


def test_every_grant_of_cdk_is_an_output_on_pulumi():
    assert methods("grant_") == POLICIES.keys()
    for (name, _), output in POLICIES.items():
        assert output in getattr(pulumi, name).__annotations__


def test_every_metric_of_cdk_is_in_the_table():
    assert methods("metric_") == {(construct, method) for construct, method, *_ in METRICS}


def a_construct(name):
    stack = a_stack()
    pem = Path("examples/ca.pem").read_text()
    made = {
        "ProvisioningTemplate": lambda: cdk.ProvisioningTemplate(stack, "Made", body=BODY),
        "PreProvisioningHook": lambda: cdk.PreProvisioningHook(
            stack, "Made", device_allow_list=cdk.DeviceAllowList(stack, "Devices")
        ),
        "JustInTimeProvisioning": lambda: cdk.JustInTimeProvisioning(stack, "Made", ca_certificate_pem=pem),
        "JustInTimeRegistration": lambda: cdk.JustInTimeRegistration(
            stack, "Made", ca_certificate_pem=pem, thing_name_prefix="pump-"
        ),
    }
    return made[name]()


@pytest.mark.parametrize("row", METRICS, ids=lambda row: f"{row[0]}.{row[1]}")
def test_the_table_says_what_cdk_makes(row):
    construct, method, namespace, metric_name, dimension = row
    make = getattr(a_construct(construct), method)
    given = [p.name for p in inspect.signature(make).parameters.values() if p.name != "options"]
    metric = make(**dict.fromkeys(given, "x"))
    assert (metric.namespace, metric.metric_name) == (namespace, metric_name)
    assert list(metric.dimensions or {}) == ([dimension] if dimension else [])


def granted(define):
    """The statements that a grant gives to a role, without what names them."""
    stack = a_stack()
    role = iam.Role(stack, "Somebody", assumed_by=iam.AccountRootPrincipal())
    define(stack, role)
    document = properties(Template.from_stack(stack), "AWS::IAM::Policy")["PolicyDocument"]
    return in_partition_aws(document["Statement"])


def reported(define):
    """The statements of an output of Pulumi's component, without what names them."""
    found = []
    ran(lambda: define().apply(found.append))
    return [
        {key: value for key, value in statement.items() if key != "Sid"}
        for statement in json.loads(found[0])["Statement"]
    ]


@pytest.mark.parametrize(("name", "method"), sorted(methods("grant_")))
def test_every_grant_returns_what_was_granted(name, method):
    annotation = inspect.signature(getattr(getattr(cdk, name), method), eval_str=True).return_annotation
    assert annotation is iam.Grant


def test_starting_tasks_is_granted_as_one():
    stack = a_stack()
    role = iam.Role(stack, "Line", assumed_by=iam.AccountRootPrincipal())
    grant = cdk.BulkRegistration(stack, "Pumps", body=BulkTemplate.from_document(BODY.document)).grant_start(
        role
    )
    assert {action for each in grant.principal_statements for action in each.actions} >= {
        "iam:PassRole",
        "iot:StartThingRegistrationTask",
        "s3:PutObject",
    }


@pytest.mark.parametrize("grant", ["grant_create_claim", "grant_describe"])
def test_a_template_grants_the_same(grant):
    def on_cdk(stack, role):
        getattr(cdk.ProvisioningTemplate(stack, "Template", body=BODY, template_name="sensors"), grant)(role)

    def on_pulumi():
        settings = {"body": BODY.document, "template_name": "sensors"}
        return getattr(
            pulumi.ProvisioningTemplate("template", settings), POLICIES["ProvisioningTemplate", grant]
        )

    assert reported(on_pulumi) == granted(on_cdk)


@pytest.mark.parametrize("grant", ["grant_register", "grant_manage_batches"])
def test_an_allow_list_grants_the_same(grant):
    def on_cdk(stack, role):
        getattr(cdk.DeviceAllowList(stack, "Devices"), grant)(role)

    output = POLICIES["DeviceAllowList", grant]
    here, there = reported(lambda: getattr(pulumi.DeviceAllowList("devices"), output)), granted(on_cdk)
    assert all(statement.pop("Resource").endswith(":devices-table") for statement in here)
    assert all("Devices" in str(statement.pop("Resource")) for statement in there)
    assert here == there


@pytest.mark.parametrize("name", ["FleetProvisioning", "GreengrassCoreDevices"])
def test_a_fleet_tells_the_policies_of_its_parts(name):
    def claims():
        return getattr(pulumi, name)("fleet", {"thing_name_prefix": "s-"}).create_claim_policy

    def registers():
        return getattr(pulumi, name)("fleet", {"thing_name_prefix": "s-"}).register_policy

    assert [statement["Action"] for statement in reported(claims)] == ["iot:CreateProvisioningClaim"]
    assert [statement["Action"] for statement in reported(registers)] == [
        "dynamodb:UpdateItem",
        ["dynamodb:DescribeTable", "dynamodb:ListTagsOfResource"],
    ]
