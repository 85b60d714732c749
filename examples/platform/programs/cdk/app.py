import aws_cdk as cdk
from acme_provisioning.cdk import AcmeFleet

from device_provisioning.cdk import ListedDevice

app = cdk.App()
stack = cdk.Stack(app, "Pumps")
fleet = AcmeFleet(
    stack, "Pumps", product="pumps", team="hydraulics", devices=[ListedDevice(serial_number="A-0001")]
)
for name, value in fleet.outputs.items():
    cdk.CfnOutput(stack, name, value=value)
app.synth()
