"""Gateways whose serial numbers are MAC addresses, which the default pattern would not let through."""

from device_provisioning.pulumi import FleetProvisioning

FleetProvisioning(
    "gateways",
    {
        "thing_name_prefix": "gateway-",
        "serial_number_pattern": "[0-9A-F]{2}(:[0-9A-F]{2}){5}",
        "devices": [{"serial_number": "00:1B:2C:3D:4E:5F"}],
    },
)
