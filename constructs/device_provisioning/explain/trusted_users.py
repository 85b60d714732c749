"""Who may fetch a claim for a template: statements of IAM, wherever they are."""

from collections.abc import Iterator, Mapping

from ..aws_iot.rules.body import Located
from ..aws_iot.rules.statements import allows, as_list, can_match, resources
from .fleet import Fleet, Statement, statements_of

_HOLDERS = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
_POLICIES = (
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
    "AWS::IAM::ManagedPolicy",
)
_HOLDERS_OF_POLICY = ("Roles", "Users", "Groups", "RoleName", "UserName", "GroupName")


def trusted_users(fleet: Fleet) -> Iterator[tuple[str, str, list[Statement]]]:
    """The name and place of whoever may create claims for the template, and the statements that allow it."""
    for logical_id, place in fleet.values.resources(*_HOLDERS):
        inline = [policy / "PolicyDocument" for policy in (place / "Properties" / "Policies").elements()]
        if found := [use for document in inline for use in _creating(fleet, document)]:
            yield logical_id, place.path, found
    for logical_id, place in fleet.values.resources(*_POLICIES):
        settings = place / "Properties"
        found = list(_creating(fleet, settings / "PolicyDocument"))
        for name in (list(_holders(fleet, settings)) or [logical_id]) if found else ():
            yield name, place.path, found


def _creating(fleet: Fleet, document: Located) -> Iterator[Statement]:
    resolved = fleet.values.document(document)
    if isinstance(resolved, Mapping):
        for statement in statements_of(resolved, document.path):
            named = resources(statement.document)
            is_ours = any(can_match(name, f"provisioningtemplate/{fleet.name}") for name in named)
            creates = allows(statement.document, "iot:CreateProvisioningClaim")
            if is_ours and creates and not statement.denies:
                yield statement


def _holders(fleet: Fleet, settings: Located) -> Iterator[str]:
    for key in _HOLDERS_OF_POLICY:
        for holder in as_list((settings / key).value):
            yield fleet.values.referenced(holder) or str(fleet.values.resolve(holder))
