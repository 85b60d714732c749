"""Fleet provisioning by claim as a stack of its own."""

from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from constructs import Construct

from device_provisioning.cdk import DeviceAllowList, DevicePolicy, FleetProvisioning


class FleetProvisioningStack(Stack):
    """Deploy a fleet whose things are named ``sensor-`` and the serial number.

    Args:
        scope: The app.
        construct_id: The name of the stack.
        disposable: Whether nothing is left when the stack is destroyed: the allow list goes, and every
            certificate of a device that holds the device policy is revoked. No by default: the allow list
            stays, and the stack refuses to go while devices depend on it.
        **stack_settings: As of ``aws_cdk.Stack``.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, disposable: bool = False, **stack_settings: Any
    ) -> None:
        super().__init__(scope, construct_id, **stack_settings)
        removal_policy = RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN
        fleet = FleetProvisioning(
            self,
            "Sensors",
            thing_name_prefix="sensor-",
            device_allow_list=DeviceAllowList(self, "Devices", removal_policy=removal_policy),
            device_policy=DevicePolicy(self, "DevicePolicy", revoke_certificates_on_removal=disposable),
        )
        CfnOutput(self, "TemplateName", value=fleet.template.template_name)
        CfnOutput(self, "ClaimCertificateSecretArn", value=fleet.claim.secret.secret_arn)
        CfnOutput(self, "DeviceAllowListTableName", value=fleet.device_allow_list.table.table_name)
