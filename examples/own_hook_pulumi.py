import json

import pulumi
import pulumi_aws as aws

from device_provisioning.pulumi import FleetProvisioning, PreProvisioningHook

DECIDE = """
def handler(event, context):
    serial_number = event.get("parameters", {}).get("SerialNumber", "")
    allowed = serial_number.startswith("TEST-") and len(serial_number) == 9
    return {"allowProvisioning": allowed, "parameterOverrides": {}}
"""

trust = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
role = aws.iam.Role("decide", assume_role_policy=json.dumps(trust))
aws.iam.RolePolicyAttachment(
    "decide-logs",
    role=role.name,
    policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
)
function = aws.lambda_.Function(
    "decide",
    runtime="python3.14",
    handler="index.handler",
    code=pulumi.AssetArchive({"index.py": pulumi.StringAsset(DECIDE)}),
    role=role.arn,
    timeout=5,
)
hook = PreProvisioningHook("own-hook", {"function": function})
FleetProvisioning("own-hook-fleet", {"thing_name_prefix": "sensor-", "hook": hook.function})
