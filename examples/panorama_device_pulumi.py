import pulumi

from device_provisioning.pulumi import ConnectionType, PanoramaDevice

# pulumi config set panorama:endpointUrl https://panorama.example.com
endpoint_url = pulumi.Config("panorama").require("endpointUrl")
dock = PanoramaDevice(
    "dock",
    {
        "name": "line-4",
        "description": "dock camera",
        "networking_configuration": {
            "ethernet0": {
                "connection_type": ConnectionType.STATIC_IP,
                "static_ip_connection_info": {
                    "ip_address": "10.2.0.9",
                    "mask": "255.255.255.0",
                    "default_gateway": "10.2.0.1",
                    "dns": ["10.2.0.1"],
                },
            },
            "ethernet1": {"connection_type": ConnectionType.DHCP},
            "ntp": {"ntp_servers": ["0.pool.ntp.org"]},
        },
        "tags": {"site": "plant7"},
        "endpoint_url": endpoint_url,
    },
)
# Save `pulumi stack output --json` for `device-provisioning panorama archive`.
pulumi.export("dock", dock.archive)
