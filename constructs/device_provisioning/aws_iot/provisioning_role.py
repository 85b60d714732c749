"""Documents of the role that AWS IoT assumes to apply a provisioning template."""

from collections.abc import Mapping, Sequence
from typing import Any

from .environment import Environment
from .statements import Document, Statement, allow, policy_document, service_trust, thing_principals
from .touched_resources import TouchedResources, touched_resources, within_prefix

MANAGED_REGISTRATION_POLICY = "service-role/AWSIoTThingsRegistration"


def provisioning_role_trust(template_name: str, environment: Environment) -> Document:
    """Trust AWS IoT to act for exactly one template of this account.

    https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html

    Args:
        template_name: The template.
        environment: Where it is.
    """
    return service_trust("iot.amazonaws.com", environment, environment.template_arn(template_name))


def authority_role_trust(certificate_arn: str, environment: Environment) -> Document:
    """Trust AWS IoT to act for exactly one CA of this account, which has its template body inside.

    Args:
        certificate_arn: The ARN of the CA's certificate.
        environment: Where it is.
    """
    return service_trust("iot.amazonaws.com", environment, certificate_arn)


def provisioning_role_policy(
    body: Mapping[str, Any], environment: Environment, thing_name_prefix: str | None = None
) -> Document:
    """Allow what one template body needs, on the names that it can touch.

    AWS publishes only the managed policy ``AWSIoTThingsRegistration``, which allows everything on every
    resource. This document is derived from the resource types that each action supports
    (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html). The emulator
    enforces its write actions; that its read actions suffice on AWS is not proven by it.

    Args:
        body: The template body as a JSON document.
        environment: Where the resources live.
        thing_name_prefix: What the names of things begin with; by default whatever the body shows.

    Raises:
        ValueError: If the body can make no thing whose name begins with the prefix.

    Example:
        >>> policy = {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "pump"}}
        >>> environment = Environment("111122223333", "eu-west-1")
        >>> document = provisioning_role_policy({"Resources": {"policy": policy}}, environment)
        >>> [statement["Sid"] for statement in document["Statement"]]
        ['Certificates', 'Policies', 'WithoutResourceLevel']
    """
    touched = touched_resources(body)
    if thing_name_prefix is not None:
        touched = within_prefix(touched, thing_name_prefix)

    def arns(kind: str, names: Sequence[str]) -> list[str]:
        return [environment.iot_arn(f"{kind}/{name}") for name in names]

    things = arns("thing", touched.things)
    certificates = arns("cert", ["*"])
    return policy_document(
        [
            *_thing_statements(touched, things, arns("thingtype", touched.thing_types)),
            *_group_statements(touched, things, arns("thinggroup", touched.thing_groups), environment),
            *_billing_statements(things, arns("billinggroup", touched.billing_groups)),
            _certificate_statement(certificates),
            thing_principals(environment, ["iot:AttachThingPrincipal"], touched.things),
            *_policy_statements(touched, arns("policy", touched.policies), arns("policy", ["*"])),
            _unscoped_statement(touched),
        ]
    )


def _thing_statements(
    touched: TouchedResources, things: list[str], thing_types: list[str]
) -> list[Statement | None]:
    actions = ["iot:CreateThing", "iot:DescribeThing", "iot:UpdateThing"]
    if touched.thing_groups:
        actions.append("iot:ListThingGroupsForThing")
    return [
        allow("Things", actions, things),
        allow("ThingTypes", ["iot:DescribeThingType"], thing_types),
    ]


def _group_statements(
    touched: TouchedResources, things: list[str], groups: list[str], environment: Environment
) -> list[Statement | None]:
    if not groups:
        return []
    joins = ["iot:AddThingToThingGroup", "iot:UpdateThingGroupsForThing"]
    leaves = ["iot:RemoveThingFromThingGroup"]
    # A thing that leaves groups leaves whichever it is in, and the body does not name those.
    left = [environment.iot_arn("thinggroup/*"), *things] if touched.replaces_thing_groups else []
    return [
        allow("JoinThingGroups", joins, [*groups, *things]),
        allow("ThingGroups", ["iot:DescribeThingGroup"], groups),
        allow("LeaveThingGroups", leaves, left),
    ]


def _billing_statements(things: list[str], billing_groups: list[str]) -> list[Statement | None]:
    if not billing_groups:
        return []
    return [
        allow("JoinBillingGroup", ["iot:AddThingToBillingGroup"], [*billing_groups, *things]),
        allow("BillingGroup", ["iot:DescribeBillingGroup"], billing_groups),
    ]


def _certificate_statement(certificates: list[str]) -> Statement | None:
    actions = [
        "iot:AttachPolicy",
        # Which of the two RegisterThing calls is not documented: AWS's own policy for it allows both.
        "iot:AttachPrincipalPolicy",
        "iot:DescribeCertificate",
        "iot:UpdateCertificate",
    ]
    return allow("Certificates", actions, certificates)


def _policy_statements(
    touched: TouchedResources, policies: list[str], any_policy: list[str]
) -> list[Statement | None]:
    # The name of a policy made from a document is a hash of it, known to AWS IoT alone.
    new = any_policy if touched.creates_policies else []
    return [
        allow("Policies", ["iot:GetPolicy", "iot:ListTargetsForPolicy"], policies),
        allow("NewPolicies", ["iot:CreatePolicy", "iot:GetPolicy"], new),
    ]


def _unscoped_statement(touched: TouchedResources) -> Statement | None:
    # The authorization reference has not always had a resource type for the principals of things.
    actions = [
        "iot:ListAttachedPolicies",
        "iot:ListPrincipalPolicies",
        "iot:ListPrincipalThings",
        "iot:RegisterThing",
    ]
    if touched.things:
        actions.append("iot:ListThingPrincipals")
    if touched.brings_certificates:
        actions.append("iot:RegisterCertificate")
    return allow("WithoutResourceLevel", actions, ["*"])
