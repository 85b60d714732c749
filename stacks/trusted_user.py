"""A trusted user of a deployed template as a stack of its own."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from device_provisioning.cdk import ProvisioningTemplate


class TrustedUserStack(Stack):
    """Deploy a role that can create claims for one template, and do nothing else.

    An app or a technician assumes it and runs ``device-provisioning claim``.

    Args:
        scope: The app.
        construct_id: The name of the stack.
        template_name: The template, of this account and Region.
        principal_arn: Who may assume the role, such as ``arn:aws:iam::111122223333:role/Technicians``.
        **stack_settings: As of ``aws_cdk.Stack``.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        template_name: str,
        principal_arn: str,
        **stack_settings: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack_settings)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ArnPrincipal(principal_arn),
            description=f"Creates claims for the template {template_name}",
        )
        ProvisioningTemplate.from_template_name(self, "Template", template_name).grant_create_claim(role)
        CfnOutput(self, "RoleArn", value=role.role_arn)
