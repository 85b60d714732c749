import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from device_provisioning.cdk import FleetProvisioning, PreProvisioningHook

DECIDE = """
def handler(event, context):
    serial_number = event.get("parameters", {}).get("SerialNumber", "")
    allowed = serial_number.startswith("TEST-") and len(serial_number) == 9
    return {"allowProvisioning": allowed, "parameterOverrides": {}}
"""

app = cdk.App()
stack = cdk.Stack(app, "Sensors")
function = lambda_.Function(
    stack,
    "Decide",
    runtime=lambda_.Runtime.PYTHON_3_14,
    handler="index.handler",
    code=lambda_.Code.from_inline(DECIDE),
    timeout=cdk.Duration.seconds(5),
)
hook = PreProvisioningHook(stack, "Hook", function=function)
FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-", hook=hook)
app.synth()
