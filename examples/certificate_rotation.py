import aws_cdk as cdk

from device_provisioning.cdk import FleetProvisioning

app = cdk.App()
stack = cdk.Stack(app, "Sensors")
FleetProvisioning(
    stack,
    "Fleet",
    thing_name_prefix="sensor-",
    rotation_template_name="sensor-rotation",
)
app.synth()
