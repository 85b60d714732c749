"""Gateways whose serial numbers are MAC addresses, which the default pattern would not let through."""

import aws_cdk as cdk

from device_provisioning.cdk import FleetProvisioning, ListedDevice

app = cdk.App()
stack = cdk.Stack(app, "Gateways")
fleet = FleetProvisioning(
    stack,
    "Fleet",
    thing_name_prefix="gateway-",
    serial_number_pattern="[0-9A-F]{2}(:[0-9A-F]{2}){5}",
)
fleet.device_allow_list.add_devices([ListedDevice(serial_number="00:1B:2C:3D:4E:5F")])
app.synth()
