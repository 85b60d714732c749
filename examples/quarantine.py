import aws_cdk as cdk

from device_provisioning.cdk import FleetProvisioning, QuarantineGroup

app = cdk.App()
stack = cdk.Stack(app, "Sensors")
fleet = FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-")
quarantine = QuarantineGroup(stack, "Quarantine")
cdk.CfnOutput(stack, "QuarantineGroupName", value=quarantine.thing_group_name)
app.synth()
