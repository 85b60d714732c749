"""Resources of Terraform's provider, which Pulumi's is made of, as CloudFormation's.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from .plan import KNOWN_LATER


class Property(NamedTuple):
    """A property: what CloudFormation calls it, and how its value is written there."""

    name: str
    convert: Callable[[Any], Any] = lambda value: value


class Kind(NamedTuple):
    """A type of resources: what CloudFormation calls it, and its properties by the provider's names."""

    type: str
    properties: Mapping[str, Property]


def _document(value: Any) -> Any:
    """A policy document, which the provider takes as text."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value


def _one(names: Mapping[str, str]) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        block = value[0] if isinstance(value, list) and value else value
        if not isinstance(block, Mapping):
            return None if isinstance(block, list) else block
        return {names[key]: inner for key, inner in block.items() if key in names and inner not in (None, "")}

    return convert


def _either(yes: str, no: str) -> Callable[[Any], Any]:
    return lambda value: {True: yes, False: no}.get(value, value) if isinstance(value, bool) else value


def _inline(value: Any) -> Any:
    blocks = value if isinstance(value, list) else []
    return [
        {"PolicyName": block.get("name"), "PolicyDocument": _document(block.get("policy"))}
        for block in blocks
        if isinstance(block, Mapping) and block.get("policy")
    ]


def _named(**names: str) -> dict[str, Property]:
    return {name: Property(theirs) for name, theirs in names.items()}


_HOOK = {"payload_version": "PayloadVersion", "target_arn": "TargetArn"}
_CONFIG = {"role_arn": "RoleArn", "template_body": "TemplateBody", "template_name": "TemplateName"}
_POLICY = {"policy": Property("PolicyDocument", _document)}

KINDS: Mapping[str, Kind] = {
    "aws_iot_provisioning_template": Kind(
        "AWS::IoT::ProvisioningTemplate",
        _named(
            name="TemplateName",
            template_body="TemplateBody",
            enabled="Enabled",
            description="Description",
            provisioning_role_arn="ProvisioningRoleArn",
            type="TemplateType",
        )
        | {"pre_provisioning_hook": Property("PreProvisioningHook", _one(_HOOK))},
    ),
    "aws_iot_ca_certificate": Kind(
        "AWS::IoT::CACertificate",
        _named(
            ca_certificate_pem="CACertificatePem",
            verification_certificate_pem="VerificationCertificatePem",
            certificate_mode="CertificateMode",
        )
        | {
            "active": Property("Status", _either("ACTIVE", "INACTIVE")),
            "allow_auto_registration": Property("AutoRegistrationStatus", _either("ENABLE", "DISABLE")),
            "registration_config": Property("RegistrationConfig", _one(_CONFIG)),
        },
    ),
    "aws_iot_policy": Kind("AWS::IoT::Policy", _named(name="PolicyName") | _POLICY),
    "aws_iot_certificate": Kind("AWS::IoT::Certificate", _named(csr="CertificateSigningRequest")),
    "aws_iot_policy_attachment": Kind(
        "AWS::IoT::PolicyPrincipalAttachment", _named(policy="PolicyName", target="Principal")
    ),
    "aws_iot_thing_group": Kind(
        "AWS::IoT::ThingGroup", _named(name="ThingGroupName", parent_group_name="ParentGroupName")
    ),
    "aws_iot_thing_type": Kind("AWS::IoT::ThingType", _named(name="ThingTypeName")),
    "aws_iot_billing_group": Kind("AWS::IoT::BillingGroup", _named(name="BillingGroupName")),
    "aws_iam_role": Kind(
        "AWS::IAM::Role",
        _named(name="RoleName", managed_policy_arns="ManagedPolicyArns")
        | {
            "assume_role_policy": Property("AssumeRolePolicyDocument", _document),
            "inline_policy": Property("Policies", _inline),
            "inline_policies": Property("Policies", _inline),
        },
    ),
    "aws_iam_role_policy": Kind("AWS::IAM::RolePolicy", _named(role="RoleName") | _POLICY),
    "aws_iam_policy": Kind("AWS::IAM::ManagedPolicy", _named(name="ManagedPolicyName") | _POLICY),
    "aws_iam_role_policy_attachment": Kind(
        "AWS::IAM::RolePolicyAttachment", _named(role="RoleName", policy_arn="PolicyArn")
    ),
    "aws_lambda_function": Kind(
        "AWS::Lambda::Function",
        _named(function_name="FunctionName", timeout="Timeout", role="Role", handler="Handler")
        | {"environment": Property("Environment", _one({"variables": "Variables"}))},
    ),
    "aws_lambda_alias": Kind("AWS::Lambda::Alias", _named(function_name="FunctionName", name="Name")),
    "aws_lambda_permission": Kind(
        "AWS::Lambda::Permission",
        _named(
            action="Action",
            function_name="FunctionName",
            principal="Principal",
            source_arn="SourceArn",
            source_account="SourceAccount",
            qualifier="Qualifier",
        ),
    ),
}
"""By the type of Terraform's provider."""


def translated(kind: str, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """A resource as CloudFormation's, and the provider's name of each of its properties.

    Args:
        kind: The type of Terraform's provider, one of ``KINDS``.
        values: Its properties.
    """
    known = KINDS[kind]
    properties: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, value in values.items():
        if name in known.properties and value is not None and value != "":
            converted = value if value == KNOWN_LATER else known.properties[name].convert(value)
            if converted is not None:
                properties[known.properties[name].name] = converted
                sources[known.properties[name].name] = name
    resource: dict[str, Any] = {"Type": known.type, "Properties": properties}
    if kind == "aws_iot_provisioning_template":
        # https://github.com/hashicorp/terraform-provider-aws/issues/33349
        resource["Deployment"] = {"enabled_by_default": False}
    return resource, sources


def attach_policies(resources: Mapping[str, Any]) -> None:
    """Give roles the managed policies that resources of their own attach.

    CloudFormation has no such resource: there, a role names its policies.

    Args:
        resources: The resources by their ids, which are changed.
    """
    for attachment in list(_of_type(resources, "AWS::IAM::RolePolicyAttachment")):
        for role_id, role in _roles(resources):
            if _is_of(attachment.get("RoleName"), role_id, role):
                arns = role.setdefault("ManagedPolicyArns", [])
                if isinstance(arns, list) and attachment.get("PolicyArn") is not None:
                    arns.append(attachment["PolicyArn"])


def _roles(resources: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, resource in resources.items():
        if resource["Type"] == "AWS::IAM::Role":
            yield name, resource["Properties"]


def _is_of(name: Any, role_id: str, role: Mapping[str, Any]) -> bool:
    own = role.get("RoleName")
    return name == {"Ref": role_id} or (isinstance(name, str) and name == own)


def _of_type(resources: Mapping[str, Any], kind: str) -> Iterator[Any]:
    return (resource["Properties"] for resource in resources.values() if resource["Type"] == kind)
