import aws_cdk as cdk

from device_provisioning.cdk import (
    ConnectionType,
    EthernetPayload,
    NetworkPayload,
    NtpPayload,
    PanoramaDevice,
    StaticIpConnectionInfo,
)

app = cdk.App()
stack = cdk.Stack(app, "Cameras")
PanoramaDevice(
    stack,
    "Dock",
    name="line-4",
    description="dock camera",
    networking_configuration=NetworkPayload(
        ethernet0=EthernetPayload(
            connection_type=ConnectionType.STATIC_IP,
            static_ip_connection_info=StaticIpConnectionInfo(
                ip_address="10.2.0.9", mask="255.255.255.0", default_gateway="10.2.0.1", dns=("10.2.0.1",)
            ),
        ),
        ethernet1=EthernetPayload(connection_type=ConnectionType.DHCP),
        ntp=NtpPayload(ntp_servers=("0.pool.ntp.org",)),
    ),
    tags={"site": "plant7"},
    endpoint_url="https://panorama.example.com",
)
app.synth()
