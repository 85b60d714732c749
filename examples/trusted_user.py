import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from device_provisioning.cdk import FleetProvisioning

app = cdk.App()
stack = cdk.Stack(app, "Sensors")
fleet = FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-")
technicians = iam.Role(stack, "Technicians", assumed_by=iam.AccountRootPrincipal())
fleet.template.grant_create_claim(technicians)
app.synth()
