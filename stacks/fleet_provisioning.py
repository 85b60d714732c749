"""Fleet provisioning by claim as a stack of its own."""

from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from constructs import Construct

from device_provisioning.cdk import CertificateRotation, DeviceAllowList, DevicePolicy, FleetProvisioning

THING_NAME_PREFIX = "sensor-"
ROTATION_TEMPLATE_NAME = "sensor-rotation"


class FleetProvisioningStack(Stack):
    """Deploy a fleet whose things are named ``sensor-`` and the serial number.

    Args:
        scope: The app.
        construct_id: The name of the stack.
        disposable: Whether nothing is left when the stack is destroyed: the allow list goes, and every
            certificate of a device that holds the device policy is revoked. No by default: the allow list
            stays, and the stack refuses to go while devices depend on it.
        claim_rotation_days: After how many days Secrets Manager replaces the claim certificate, 1 to 1000;
            never by default.
        certificate_rotation: Whether devices can replace their own certificates; no by default.
        **stack_settings: As of ``aws_cdk.Stack``.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        disposable: bool = False,
        claim_rotation_days: int | None = None,
        certificate_rotation: bool = False,
        **stack_settings: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack_settings)
        removal_policy = RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN
        device_policy = DevicePolicy(
            self,
            "DevicePolicy",
            rotation_template_name=ROTATION_TEMPLATE_NAME if certificate_rotation else None,
            revoke_certificates_on_removal=disposable,
        )
        fleet = FleetProvisioning(
            self,
            "Sensors",
            thing_name_prefix=THING_NAME_PREFIX,
            device_allow_list=DeviceAllowList(self, "Devices", removal_policy=removal_policy),
            device_policy=device_policy,
        )
        if claim_rotation_days is not None:
            fleet.claim.add_rotation(automatically_after_days=claim_rotation_days)
        if certificate_rotation:
            self._add_certificate_rotation(device_policy)
        self.template_name = fleet.template.template_name
        CfnOutput(self, "TemplateName", value=self.template_name)
        CfnOutput(self, "ClaimCertificateSecretArn", value=fleet.claim.secret.secret_arn)
        CfnOutput(self, "DeviceAllowListTableName", value=fleet.device_allow_list.table.table_name)

    def _add_certificate_rotation(self, device_policy: DevicePolicy) -> None:
        rotation = CertificateRotation(
            self,
            "Rotation",
            template_name=ROTATION_TEMPLATE_NAME,
            thing_name_prefix=THING_NAME_PREFIX,
            device_policy=device_policy,
        )
        CfnOutput(self, "RotationTemplateName", value=rotation.template.template_name)
