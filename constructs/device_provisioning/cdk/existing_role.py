"""The rules about an existing role, checked at synthesis: only then is everything known that it allows."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jsii
from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import IValidation

from ..aws_iot import Role
from ..cloudformation.stack_roles import role_of
from ..cloudformation.stack_values import StackValues


@jsii.implements(IValidation)
class RoleValidation:
    """Let a role be judged when the tree is complete.

    Args:
        role: The resource of the role, in the same app.
        judge: Tells the errors of the role.
    """

    def __init__(self, role: iam.CfnRole, judge: Callable[[Role], list[str]]) -> None:
        self._role = role
        self._judge = judge

    def validate(self) -> list[str]:
        """Every error, for CDK to stop synthesis with."""
        stack = Stack.of(self._role)
        reference = stack.resolve(self._role.ref)
        document = {"Resources": dict(_resources(stack, self._role, reference["Ref"]))}
        role = role_of(StackValues(document), reference)
        return self._judge(role) if role else []


def _resources(stack: Stack, role: iam.CfnRole, role_id: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The role and the policies of its stack, as CloudFormation gets them."""
    inline = stack.resolve(role.policies) or []
    properties = {
        "AssumeRolePolicyDocument": stack.resolve(role.assume_role_policy_document),
        "ManagedPolicyArns": stack.resolve(role.managed_policy_arns) or [],
        "Policies": [{"PolicyDocument": policy["policyDocument"]} for policy in inline],
    }
    yield role_id, {"Type": "AWS::IAM::Role", "Properties": properties}
    for node in stack.node.find_all():
        if isinstance(node, iam.CfnPolicy | iam.CfnManagedPolicy):
            documents = {
                "Roles": stack.resolve(node.roles) or [],
                "PolicyDocument": stack.resolve(node.policy_document),
            }
            kind = "Policy" if isinstance(node, iam.CfnPolicy) else "ManagedPolicy"
            logical_id = stack.resolve(node.logical_id)
            yield logical_id, {"Type": f"AWS::IAM::{kind}", "Properties": documents}
