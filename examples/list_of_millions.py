"""A list of millions of devices, which DynamoDB's own import from S3 made a table of.

``device-provisioning devices import devices.csv --table pumps --via s3-import --bucket BUCKET`` makes the
table before the stack is deployed. The stack uses it and never deletes it.
"""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb

from device_provisioning.cdk import DeviceAllowList, FleetProvisioning

app = cdk.App()
stack = cdk.Stack(app, "Pumps")
table = dynamodb.Table.from_table_name(stack, "List", "pumps")
FleetProvisioning(
    stack,
    "Fleet",
    thing_name_prefix="pump-",
    device_allow_list=DeviceAllowList(stack, "Devices", table=table),
)
app.synth()
