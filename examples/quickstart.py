import aws_cdk as cdk

from device_provisioning.cdk import FleetProvisioning, ListedDevice

app = cdk.App()
stack = cdk.Stack(app, "Sensors")
fleet = FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-")
fleet.device_allow_list.add_devices([ListedDevice(serial_number="A-0001")])
app.synth()
