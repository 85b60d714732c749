"""Reading a template and what belongs to it from an account. Nothing that is secret is read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..aws_iot import TemplateType
from ..console.aws_calls import AwsCalls
from ..console.sources import UnreadableError
from .existing import ExistingFleet, ExistingHook, ExistingPolicy, ExistingRole
from .reading_hook import read_hook
from .reading_policies import read_claim_policies, read_device_policies, with_other_templates

_OWNER = "aws:cloudformation:stack-name"


def read_fleet(name: str, claim_policies: Sequence[str] = ()) -> ExistingFleet:
    """Read a template, its role, its hook, and the policies of claims and devices.

    Args:
        name: The name of the template.
        claim_policies: The names of the policies of claims; by default all policies of AWS IoT are looked
            through for those that name the template's topics.

    Raises:
        UnreadableError: If something is not there, or if AWS refuses or can't be reached.
    """
    calls = AwsCalls(name)
    template = calls.call("describe_provisioning_template", templateName=name)
    arn, template_type = template["templateArn"], TemplateType(template.get("type", "FLEET_PROVISIONING"))
    remarks: list[str] = []
    device_policies = read_device_policies(calls, template["templateBody"], remarks)
    known = [policy.name for policy in device_policies]
    wants_claims = template_type is TemplateType.FLEET_PROVISIONING
    hook = template.get("preProvisioningHook")
    tags = _tags(calls.pages("list_tags_for_resource", "tags", resourceArn=arn))
    others = read_others(calls, name)
    role, role_tags = _read_role(template, others)
    claims = read_claim_policies(calls, name, claim_policies, known, remarks) if wants_claims else []
    claims = with_other_templates(claims, others)
    device_policies = with_other_templates(device_policies, others)
    remarks += _owners({f"the template {name}": tags, f"the role {role.name}": role_tags})
    return ExistingFleet(
        name=name,
        arn=arn,
        template_type=template_type,
        body=template["templateBody"],
        enabled=template["enabled"],
        role=role,
        description=template.get("description") or None,
        tags=_own(tags),
        hook=_read_hook(name, arn, hook, remarks),
        claim_policies=claims,
        device_policies=device_policies,
        remarks=[*remarks, *_standing_remarks(role), *_shared([*claims, *device_policies])],
    )


def _read_hook(
    name: str, arn: str, hook: Mapping[str, Any] | None, remarks: list[str]
) -> ExistingHook | None:
    if not hook:
        return None
    read = read_hook(AwsCalls(name, "lambda"), arn, hook)
    remarks.append(f"the code of {read.function_name} is not taken over: whoever deploys it goes on to")
    if not read.permissions:
        remarks.append(f"nothing lets AWS IoT invoke {read.function_name} for {name}: devices are refused")
    return read


def _read_role(
    template: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]]
) -> tuple[ExistingRole, Mapping[str, str]]:
    iam = AwsCalls(template["templateName"], "iam")
    role_name = template["provisioningRoleArn"].rpartition("/")[2]
    role = iam.call("get_role", RoleName=role_name)["Role"]
    attached = iam.pages("list_attached_role_policies", "AttachedPolicies", RoleName=role_name)
    inline = iam.pages("list_role_policies", "PolicyNames", RoleName=role_name)
    tags = _tags(role.get("Tags", []))
    existing = ExistingRole(
        name=role_name,
        trust=_document(role["AssumeRolePolicyDocument"]),
        path=role["Path"],
        description=role.get("Description") or None,
        max_session_seconds=role.get("MaxSessionDuration", 3600),
        permissions_boundary=role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        managed_policy_arns=[policy["PolicyArn"] for policy in attached],
        inline_policies={
            name: _document(
                iam.call("get_role_policy", RoleName=role_name, PolicyName=name)["PolicyDocument"]
            )
            for name in inline
        },
        tags=_own(tags),
        other_templates=[
            name
            for name, other in others.items()
            if other["provisioningRoleArn"] == template["provisioningRoleArn"]
        ],
    )
    return existing, tags


def read_others(calls: AwsCalls, name: str) -> dict[str, Mapping[str, Any]]:
    """What DescribeProvisioningTemplate answers of the other templates of the account, by name.

    Args:
        calls: Of AWS IoT.
        name: The name of the template that is not wanted.

    Raises:
        UnreadableError: If AWS refuses.
    """
    names = [entry["templateName"] for entry in calls.pages("list_provisioning_templates", "templates")]
    described = {
        other: calls.found("describe_provisioning_template", templateName=other)
        for other in names
        if other != name
    }
    return {other: found for other, found in described.items() if found}


def _document(value: Any) -> dict[str, Any]:
    document = value if isinstance(value, dict) else json.loads(value)
    if not isinstance(document, dict):
        raise UnreadableError(f"{value!r} is not a policy document")
    return document


def _tags(entries: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {entry["Key"]: entry.get("Value", "") for entry in entries}


def _own(tags: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in tags.items() if not key.startswith("aws:")}


def _owners(all_tags: Mapping[str, Mapping[str, str]]) -> list[str]:
    return [
        f"{what} belongs to the CloudFormation stack {tags[_OWNER]}: let that stack retain it and give it up"
        " first, or two owners change it in turn"
        for what, tags in all_tags.items()
        if _OWNER in tags
    ]


def _shared(policies: Sequence[ExistingPolicy]) -> list[str]:
    return [
        f"the policy {policy.name} serves {', '.join(policy.other_templates)} too: a change of it is a change"
        " of them"
        for policy in policies
        if policy.other_templates
    ]


def _standing_remarks(role: ExistingRole) -> list[str]:
    remarks = ["claim certificates and what is attached to them stay as they are, and no secret was read"]
    if role.other_templates:
        others = ", ".join(role.other_templates)
        remarks.append(f"the role {role.name} is used by {others} too: a change of it is a change of them")
    own = [arn for arn in role.managed_policy_arns if ":iam::aws:" not in arn]
    if own:
        remarks.append(f"managed policies of yours stay where they are defined: {', '.join(own)}")
    return remarks
