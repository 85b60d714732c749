import aws_cdk as cdk

from device_provisioning.cdk import CertificateRotation, DevicePolicy, FleetProvisioning

app = cdk.App()
stack = cdk.Stack(app, "Sensors")
statements = CertificateRotation.device_statements(stack, "sensor-rotation")
policy = DevicePolicy(stack, "SensorPolicy", statements=statements)
FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-", device_policy=policy)
CertificateRotation(
    stack,
    "Rotation",
    template_name="sensor-rotation",
    thing_name_prefix="sensor-",
    device_policy=policy,
)
app.synth()
