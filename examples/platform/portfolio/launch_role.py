"""What Service Catalog may do when a team launches a fleet: the team itself needs none of it.

https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html
"""

from typing import Any

from acme_provisioning import BOUNDARY
from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

# Service Catalog begins the names of its stacks like this, and CloudFormation those of the roles in them.
LAUNCHED = "SC-*"
SERVICES = ("cloudwatch", "dynamodb", "iot", "lambda", "logs", "secretsmanager")
STACKS = (
    "CreateStack",
    "DeleteStack",
    "DescribeStackEvents",
    "DescribeStacks",
    "SetStackPolicy",
    "UpdateStack",
)
BOUNDED = ("CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy")
ROLES = ("DeleteRole", "DeleteRolePolicy", "GetRole", "GetRolePolicy", "TagRole", "UntagRole")


def launch_role(scope: Construct, construct_id: str, assets: s3.IBucket) -> iam.Role:
    """Define the role: it works through CloudFormation, and makes no role without Acme's boundary."""
    stack = Stack.of(scope)
    return iam.Role(
        scope,
        construct_id,
        assumed_by=iam.ServicePrincipal("servicecatalog.amazonaws.com"),
        description="AWS Service Catalog launches Acme's fleets with this role",
        inline_policies={"Launch": iam.PolicyDocument(statements=_statements(stack, assets))},
    )


def _statements(stack: Stack, assets: s3.IBucket) -> list[iam.PolicyStatement]:
    roles = stack.format_arn(service="iam", region="", resource="role", resource_name=LAUNCHED)
    stacks = stack.format_arn(service="cloudformation", resource="stack", resource_name=LAUNCHED)
    boundary = stack.format_arn(service="iam", region="", resource="policy", resource_name=BOUNDARY)
    through_cloudformation = {"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}}
    return [
        _allow(_of("cloudformation", STACKS), [stacks]),
        _allow(_of("cloudformation", ("GetTemplateSummary", "ValidateTemplate")), ["*"]),
        _allow(
            ["s3:GetObject"],
            ["*"],
            {"StringEquals": {"s3:ExistingObjectTag/servicecatalog:provisioning": "true"}},
        ),
        _allow(["s3:GetObject"], [assets.arn_for_objects("*")]),
        _allow([f"{service}:*" for service in SERVICES], ["*"], through_cloudformation),
        _allow(_of("iam", BOUNDED), [roles], {"StringEquals": {"iam:PermissionsBoundary": boundary}}),
        _allow(_of("iam", ROLES), [roles], through_cloudformation),
        _allow(
            ["iam:PassRole"],
            [roles],
            {"StringEquals": {"iam:PassedToService": ["iot.amazonaws.com", "lambda.amazonaws.com"]}},
        ),
    ]


def _of(service: str, actions: tuple[str, ...]) -> list[str]:
    return [f"{service}:{action}" for action in actions]


def _allow(
    actions: list[str], resources: list[str], conditions: dict[str, Any] | None = None
) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=actions, resources=resources, conditions=conditions)
