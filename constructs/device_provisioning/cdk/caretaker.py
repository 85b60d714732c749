"""The one function of a stack that looks after the custom resources of this library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, cast
from weakref import WeakKeyDictionary

from aws_cdk import CfnResource
from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct

from ..aws_iot.statements import Statement
from ..fleet.caretaker_rights import ACTS_WITH, merged, rights_description
from ..fleet.custom_resources import CustomResourceDefinition
from ..fleet.function_roles import caretaker_trust
from ..fleet.functions import CARETAKER
from .acknowledgements import acknowledge_rules, rules_of, wildcard_rules
from .library_function import LibraryFunction
from .places import place_of
from .service_role import INLINE_REASONS

CARETAKER_ID = "DeviceProvisioningCaretaker"
RIGHTS_ID = "CaretakerRights"
_LONGEST_BEGINNING = 230
"""Of what the path says in a logical id, which has 255 characters at most."""
_CARETAKERS: WeakKeyDictionary[IConstruct, LibraryFunction] = WeakKeyDictionary()
_RIGHTS: WeakKeyDictionary[IConstruct, CaretakerRights] = WeakKeyDictionary()


def take_care(
    scope: Construct,
    construct_id: str,
    definition: CustomResourceDefinition,
    *,
    rights: Mapping[str, Any],
    properties: Mapping[str, Any],
) -> CfnResource:
    """Define a custom resource that the caretaker of the stack looks after.

    Args:
        scope: The component.
        construct_id: The id under it.
        definition: The custom resource.
        rights: What its policy is made from: the resources that it may touch.
        properties: Its properties.
    """
    role, path = rights_of(scope), f"{place_of(scope).path}/{construct_id}"
    role.allow(path, definition.resource_type, definition.policy(**rights)["Statement"])
    return caretaker_of(scope).custom_resource(
        scope,
        construct_id,
        resource_type=definition.resource_type,
        properties={**properties, ACTS_WITH: role.arn},
        service_timeout_seconds=definition.service_timeout_seconds,
    )


def caretaker_of(scope: IConstruct) -> LibraryFunction:
    """The caretaker of the stack, made with the first custom resource."""
    stack = place_of(scope).stack
    if stack not in _CARETAKERS:
        _CARETAKERS[stack] = LibraryFunction(stack, CARETAKER_ID, CARETAKER, rights={})
    return _CARETAKERS[stack]


def rights_of(scope: Construct) -> CaretakerRights:
    """The rights of the fleet that a component is a part of; its own without one."""
    stack, above = place_of(scope).stack, cast(IConstruct, scope)
    while above is not stack and above not in _RIGHTS:
        above = place_of(above).scope
    return _RIGHTS.get(above) or CaretakerRights(scope)


class CaretakerRights:
    """Define the role with which the caretaker acts for one component, and for all below it.

    Who looks after a whole stack by one role needs the rights to all of it before the first custom resource
    is made, so that components that depend on each other would wait for each other. It would also
    lose the right to what leaves the stack before it could take it away, and IAM has no room for such a role.

    Args:
        scope: The component.
        complete: Whether each right is written at once; if not, ``write`` has to be called. Yes by default.

    Attributes:
        arn: The ARN of the role.
    """

    def __init__(self, scope: Construct, *, complete: bool = True) -> None:
        _RIGHTS[scope] = self
        caretaker, (self._stack, path, _) = caretaker_of(scope), place_of(scope)
        trust = caretaker_trust(caretaker.role_arn)
        self._role = iam.CfnRole(scope, RIGHTS_ID, assume_role_policy_document=trust)
        if caretaker.waits:
            self._role.add_resource_dependency(caretaker.waits)
        self.arn = self._role.attr_arn
        self._complete = complete
        self._statements: list[Statement] = []
        self._resources: dict[str, str] = {}
        below_stack = path.removeprefix(place_of(self._stack).path)
        letters = "".join(filter(str.isalnum, below_stack.encode("ascii", "ignore").decode()))
        self._beginning = letters[:_LONGEST_BEGINNING] + RIGHTS_ID

    def allow(self, path: str, resource_type: str, statements: Sequence[Statement]) -> None:
        """Let the caretaker do what one more custom resource needs.

        Args:
            path: The custom resource.
            resource_type: Its type.
            statements: What it needs.
        """
        self._resources[path] = resource_type
        self._statements += statements
        if self._complete:
            self.write()

    def write(self) -> None:
        """Write what is allowed so far; from now on each right at once.

        With other custom resources it is another role: CloudFormation changes a role before it deletes what
        leaves a stack, and deletes a role after that.
        """
        self._complete = True
        document = merged(self._statements)
        permissions = iam.CfnRole.PolicyProperty(policy_name="Permissions", policy_document=document)
        self._role.policies = [permissions]
        self._role.description = rights_description(self._resources.values())
        ending = sha256("\n".join(sorted(self._resources)).encode()).hexdigest()[:8].upper()
        self._role.override_logical_id(self._beginning + ending)
        acknowledge_rules(self._role, {**rules_of(INLINE_REASONS), **wildcard_rules(document, self._stack)})
