"""The provisioning role inside a CloudFormation template: its trust and all that it allows."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..aws_iot.rules.body import Located
from ..aws_iot.rules.context import Role
from ..aws_iot.rules.statements import as_list
from .stack_values import StackValues

_ATTACHABLE = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy")


def role_of(values: StackValues, role_arn: Any) -> Role | None:
    """The role that a template names by ARN, if it is defined in the same CloudFormation template."""
    role_id = values.referenced(role_arn)
    place = values.resource(role_id, "AWS::IAM::Role")
    if place is None or role_id is None:
        return None
    properties = place / "Properties"
    trust = values.document(properties / "AssumeRolePolicyDocument")
    managed = as_list((properties / "ManagedPolicyArns").value)
    here = [values.resource(values.referenced(arn), "AWS::IAM::ManagedPolicy") for arn in managed]
    owners = [*_inline(properties), *_attached(values, role_id, properties), *filter(None, here)]
    documents = [_document(owner) for owner in owners]
    return Role(
        trust=trust if isinstance(trust, Mapping) else None,
        policies=[values.document(document) for document in documents],
        managed_policy_arns=[
            values.resolve(arn) for arn, known in zip(managed, here, strict=True) if not known
        ],
        path=properties.path,
        policy_paths=[document.path for document in documents],
    )


def _inline(properties: Located) -> Iterator[Located]:
    yield from (properties / "Policies").elements()


def _attached(values: StackValues, role_id: str, properties: Located) -> Iterator[Located]:
    role_name = values.resolve((properties / "RoleName").value)
    for _, place in values.resources(*_ATTACHABLE):
        settings = place / "Properties"
        names = [*as_list((settings / "Roles").value), *as_list((settings / "RoleName").value)]
        if any(values.referenced(name) == role_id or (role_name and name == role_name) for name in names):
            yield place


def _document(place: Located) -> Located:
    own = place / "PolicyDocument"
    return own if own.value is not None else place / "Properties" / "PolicyDocument"
