"""What registering devices in bulk needs, as a stack of its own."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from device_provisioning.aws_iot import BulkTemplate
from device_provisioning.cdk import BulkRegistration


class BulkRegistrationStack(Stack):
    """Deploy a bucket and a role with which ``device-provisioning bulk start`` registers devices.

    Args:
        scope: The app.
        construct_id: The name of the stack.
        body: The bulk body.
        **stack_settings: As of ``aws_cdk.Stack``.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, body: BulkTemplate, **stack_settings: Any
    ) -> None:
        super().__init__(scope, construct_id, **stack_settings)
        devices = BulkRegistration(self, "Devices", body=body)
        CfnOutput(self, "BucketName", value=devices.bucket.bucket_name)
        CfnOutput(self, "RoleArn", value=devices.role.role_arn)
