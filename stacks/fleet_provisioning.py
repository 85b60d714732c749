"""Fleet provisioning by claim as a stack of its own."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from constructs import Construct

from device_provisioning.cdk import CertificateSource, DeviceAllowList, DevicePolicy, FleetProvisioning

THING_NAME_PREFIX = "sensor-"
ROTATION_TEMPLATE_NAME = "sensor-rotation"
ENDPOINT_COMMAND = "aws iot describe-endpoint --endpoint-type iot:Data-ATS --output text"


class FleetProvisioningStack(Stack):
    """Deploy a fleet whose things are named ``sensor-`` and the serial number.

    Args:
        scope: The app.
        construct_id: The name of the stack.
        disposable: Whether nothing is left when the stack is destroyed: the allow list and the logs of hooks
            go, and every certificate of a device that holds the device policy is revoked. No by default: list
            and logs stay, and the stack refuses to go while devices depend on it.
        claim_rotation_days: After how many days Secrets Manager replaces the claim certificate, 1 to 1000;
            never by default.
        certificate_rotation: Whether devices can replace their own certificates; no by default.
        claim_client_id_patterns: Client ids of claim connections, with ``*`` and ``?``; ``claim-*`` by
            default.
        certificate_sources: How devices obtain their certificates: ``create``, ``create-from-csr`` or both;
            ``create`` by default.
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
        claim_client_id_patterns: Sequence[str] = ("claim-*",),
        certificate_sources: Sequence[CertificateSource] = (CertificateSource.CREATE,),
        **stack_settings: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack_settings)
        removal_policy = RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN
        rotation_template_name = ROTATION_TEMPLATE_NAME if certificate_rotation else None
        device_policy = DevicePolicy(
            self,
            "DevicePolicy",
            rotation_template_name=rotation_template_name,
            revoke_certificates_on_removal=disposable,
        )
        fleet = FleetProvisioning(
            self,
            "Sensors",
            thing_name_prefix=THING_NAME_PREFIX,
            device_allow_list=DeviceAllowList(self, "Devices", removal_policy=removal_policy),
            device_policy=device_policy,
            log_removal_policy=removal_policy,
            rotation_template_name=rotation_template_name,
            claim_client_id_patterns=claim_client_id_patterns,
            certificate_sources=certificate_sources,
        )
        if claim_rotation_days is not None:
            fleet.claim.add_rotation(automatically_after_days=claim_rotation_days)
        if fleet.rotation:
            CfnOutput(self, "RotationTemplateName", value=fleet.rotation.template.template_name)
        self.template_name = fleet.template.template_name
        CfnOutput(self, "TemplateName", value=self.template_name)
        CfnOutput(self, "ClaimCertificateSecretArn", value=fleet.claim.secret.secret_arn)
        CfnOutput(self, "ClaimClientIdPatterns", value=", ".join(fleet.claim.client_id_patterns))
        CfnOutput(self, "DeviceAllowListTableName", value=fleet.device_allow_list.table.table_name)
        CfnOutput(self, "EndpointCommand", value=f"{ENDPOINT_COMMAND} --region {self.region}")
