import aws_cdk as cdk
from aws_cdk import aws_iot as iot

from device_provisioning.aws_iot import ref
from device_provisioning.cdk import FleetProvisioning, ListedDevice

app = cdk.App()
stack = cdk.Stack(app, "Sensors")
fleet = FleetProvisioning(
    stack,
    "Fleet",
    thing_name_prefix="sensor-",
    thing_groups=["sensors", ref("Site")],
    attributes={"site": ref("Site")},
    device_configuration={"site": ref("Site")},
)
# A device joins groups that exist, so the template waits for them.
for name in ("sensors", "plant7", "plant8"):
    group = iot.CfnThingGroup(stack, f"Group-{name}", thing_group_name=name)
    fleet.template.node.add_dependency(group)
# What the list says of a device wins over what the device says of itself.
fleet.device_allow_list.add_devices(
    [
        ListedDevice(serial_number="A-0001", parameter_overrides={"Site": "plant7"}),
        ListedDevice(serial_number="A-0002", parameter_overrides={"Site": "plant8"}, expires_at=1893456000),
    ]
)
app.synth()
