import pulumi
import pulumi_aws as aws

from device_provisioning.aws_iot import ref
from device_provisioning.pulumi import FleetProvisioning

groups = [aws.iot.ThingGroup(name, name=name) for name in ("sensors", "plant7", "plant8")]
FleetProvisioning(
    "sites",
    {
        "thing_name_prefix": "sensor-",
        "thing_groups": ["sensors", ref("Site")],
        "attributes": {"site": ref("Site")},
        "device_configuration": {"site": ref("Site")},
        # What the list says of a device wins over what the device says of itself.
        "devices": [
            {"serial_number": "A-0001", "parameter_overrides": {"Site": "plant7"}},
            {
                "serial_number": "A-0002",
                "parameter_overrides": {"Site": "plant8"},
                "expires_at": 1893456000,
            },
        ],
    },
    # A device joins groups that exist, so the template waits for them.
    pulumi.ResourceOptions(depends_on=groups),
)
