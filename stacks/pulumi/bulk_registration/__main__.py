"""What registering devices in bulk needs, as a Pulumi program: ``pulumi up`` in this folder."""

import pulumi

from device_provisioning.aws_iot import BulkTemplate
from device_provisioning.pulumi import BulkRegistration

body = BulkTemplate.from_json(pulumi.Config().require("body"))
devices = BulkRegistration("devices", {"body": body.document})

pulumi.export("BucketName", devices.bucket_name)
pulumi.export("RoleArn", devices.role_arn)
