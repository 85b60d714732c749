"""A list of millions of devices, which DynamoDB's own import from S3 made a table of.

``device-provisioning devices import devices.csv --table pumps --via s3-import --bucket BUCKET`` makes the
table before the program is deployed. The program uses it and never deletes it.
"""

import pulumi_aws as aws

from device_provisioning.pulumi import DeviceAllowList, FleetProvisioning

table = aws.dynamodb.Table.get("list", "pumps")
devices = DeviceAllowList("millions", {"table": table})
FleetProvisioning("millions-of-pumps", {"thing_name_prefix": "pump-", "device_allow_list": devices.table})
