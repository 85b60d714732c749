"""Just-in-time provisioning as a stack of its own."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from device_provisioning.cdk import DevicePolicy, JustInTimeProvisioning


class JustInTimeProvisioningStack(Stack):
    """Deploy a CA whose devices are provisioned when they connect, as things named after the common name.

    Args:
        scope: The app.
        construct_id: The name of the stack.
        ca_certificate_pem: The CA's certificate in PEM.
        disposable: Whether every certificate of a device that holds the device policy is revoked when the
            stack is destroyed. No by default: the stack refuses to go while devices depend on it.
        **stack_settings: As of ``aws_cdk.Stack``.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        ca_certificate_pem: str,
        disposable: bool = False,
        **stack_settings: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack_settings)
        pumps = JustInTimeProvisioning(
            self,
            "Devices",
            ca_certificate_pem=ca_certificate_pem,
            device_policy=DevicePolicy(self, "DevicePolicy", revoke_certificates_on_removal=disposable),
        )
        CfnOutput(self, "TemplateName", value=pumps.template.template_name)
        CfnOutput(self, "CaCertificateId", value=pumps.certificate_authority.certificate_id)
