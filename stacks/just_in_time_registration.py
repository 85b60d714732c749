"""Just-in-time registration as a stack of its own."""

from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from constructs import Construct

from device_provisioning.cdk import DeviceAllowList, DevicePolicy, JustInTimeRegistration


class JustInTimeRegistrationStack(Stack):
    """Deploy a CA whose devices register when they connect, if their common names are on the allow list.

    Args:
        scope: The app.
        construct_id: The name of the stack.
        ca_certificate_pem: The CA's certificate in PEM.
        thing_name_prefix: What the common names begin with.
        disposable: Whether nothing is left when the stack is destroyed: the allow list goes, and every
            certificate of a device that holds the device policy is revoked. No by default.
        **stack_settings: As of ``aws_cdk.Stack``.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        ca_certificate_pem: str,
        thing_name_prefix: str = "device-",
        disposable: bool = False,
        **stack_settings: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack_settings)
        removal_policy = RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN
        devices = JustInTimeRegistration(
            self,
            "Devices",
            ca_certificate_pem=ca_certificate_pem,
            thing_name_prefix=thing_name_prefix,
            device_allow_list=DeviceAllowList(self, "AllowList", removal_policy=removal_policy),
            device_policy=DevicePolicy(self, "DevicePolicy", revoke_certificates_on_removal=disposable),
        )
        CfnOutput(self, "CaCertificateId", value=devices.certificate_authority.certificate_id)
        CfnOutput(self, "DeviceAllowListTableName", value=devices.device_allow_list.table.table_name)
        CfnOutput(self, "DeadLetterQueueUrl", value=devices.dead_letter_queue.queue_url)
