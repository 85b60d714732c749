import aws_cdk as cdk

from device_provisioning.cdk import FleetProvisioning

app = cdk.App()
stack = cdk.Stack(app, "Sensors")
fleet = FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-")
# The factory line reads the claim from the secret, so the devices always get the current one.
fleet.claim.add_rotation(automatically_after_days=30)
app.synth()
