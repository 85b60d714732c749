"""What an account has as the CloudFormation template that it amounts to."""

from collections.abc import Mapping
from typing import Any

from ..cloudformation.claims import UNSEEN
from .existing import ExistingFleet, ExistingHook, ExistingPolicy, ExistingRole

Resource = Mapping[str, Any]
_NO_CLAIM = (
    "No policy that lets a certificate register was found in the account; who may create claims for a trusted"
    " user is not read"
)
_SHOWN = 12
"""So many characters of a certificate's id are shown."""


def stack_of(fleet: ExistingFleet) -> dict[str, Any]:
    """A CloudFormation template with everything that was read, each resource under its own name.

    Args:
        fleet: What was read.
    """
    resources: dict[str, Resource] = {fleet.name: _template(fleet), fleet.role.name: _role(fleet.role)}
    policies = (*fleet.claim_policies, *fleet.device_policies)
    resources |= {policy.name: _policy(policy, fleet.unseen_claims) for policy in policies}
    resources |= _claims(fleet)
    if fleet.hook:
        resources |= _hook(fleet.hook)
    metadata = {} if fleet.claim_policies else {"Metadata": {UNSEEN: _NO_CLAIM}}
    return {"AWSTemplateFormatVersion": "2010-09-09", **metadata, "Resources": resources}


def _template(fleet: ExistingFleet) -> Resource:
    properties = {
        "TemplateName": fleet.name,
        "TemplateType": fleet.template_type.value,
        "TemplateBody": fleet.body,
        "Enabled": fleet.enabled,
        "ProvisioningRoleArn": {"Fn::GetAtt": [fleet.role.name, "Arn"]},
    }
    if not fleet.hook:
        return {"Type": "AWS::IoT::ProvisioningTemplate", "Properties": properties}
    target = {"Fn::GetAtt": [fleet.hook.function_name, "Arn"]}
    version = {"PayloadVersion": fleet.hook.payload_version} if fleet.hook.payload_version else {}
    return {
        "Type": "AWS::IoT::ProvisioningTemplate",
        "DependsOn": [permission.statement_id for permission in fleet.hook.permissions],
        "Properties": {**properties, "PreProvisioningHook": {"TargetArn": target, **version}},
    }


def _role(role: ExistingRole) -> Resource:
    policies = [
        {"PolicyName": name, "PolicyDocument": document} for name, document in role.inline_policies.items()
    ]
    properties = {
        "AssumeRolePolicyDocument": role.trust,
        "ManagedPolicyArns": list(role.managed_policy_arns),
        "Policies": policies,
    }
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def _policy(policy: ExistingPolicy, unseen: Mapping[str, str]) -> Resource:
    properties = {"PolicyName": policy.name, "PolicyDocument": policy.document}
    metadata = {"Metadata": {UNSEEN: unseen[policy.name]}} if policy.name in unseen else {}
    return {"Type": "AWS::IoT::Policy", "Properties": properties, **metadata}


def _claims(fleet: ExistingFleet) -> dict[str, Resource]:
    resources: dict[str, Resource] = {}
    for claim in fleet.claims:
        certificate = f"certificate {claim.certificate_id[:_SHOWN]}"
        resources[certificate] = {"Type": "AWS::IoT::Certificate", "Properties": {"Status": "ACTIVE"}}
        for name in claim.policies:
            properties = {"PolicyName": name, "Principal": {"Ref": certificate}}
            resources[f"AttachPolicy {len(resources)}"] = {
                "Type": "AWS::IoT::PolicyPrincipalAttachment",
                "Properties": properties,
            }
    return resources


def _hook(hook: ExistingHook) -> dict[str, Resource]:
    function = {
        "Handler": hook.handler,
        "Timeout": hook.timeout_seconds,
        "Environment": {"Variables": dict(hook.settings)},
    }
    permissions = {
        permission.statement_id: {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": permission.action,
                "FunctionName": {"Ref": hook.function_name},
                "Principal": permission.principal,
                **({"SourceArn": permission.source_arn} if permission.source_arn else {}),
                **({"SourceAccount": permission.source_account} if permission.source_account else {}),
            },
        }
        for permission in hook.permissions
    }
    return {hook.function_name: {"Type": "AWS::Lambda::Function", "Properties": function}, **permissions}
