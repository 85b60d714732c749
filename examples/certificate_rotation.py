import aws_cdk as cdk

from device_provisioning.cdk import CertificateRotation, DevicePolicy, FleetProvisioning

app = cdk.App()
stack = cdk.Stack(app, "Sensors")
policy = DevicePolicy(stack, "SensorPolicy", rotation_template_name="sensor-rotation")
FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-", device_policy=policy)
CertificateRotation(
    stack,
    "Rotation",
    template_name="sensor-rotation",
    thing_name_prefix="sensor-",
    device_policy=policy,
)
app.synth()
