"""Every setting of every component: its description on both engines, and its default."""

from . import certificates, devices, edge, fleets, other
from .setting import Setting, Settings

SETTINGS: dict[str, Settings] = {
    "ClaimCertificate": certificates.CLAIM_CERTIFICATE,
    "CertificateRotation": certificates.CERTIFICATE_ROTATION,
    "CertificateAuthority": certificates.CERTIFICATE_AUTHORITY,
    "JustInTimeProvisioning": certificates.JUST_IN_TIME_PROVISIONING,
    "JustInTimeRegistration": certificates.JUST_IN_TIME_REGISTRATION,
    "GreengrassCoreDevices": edge.GREENGRASS_CORE_DEVICES,
    "CoreDevicePolicy": edge.CORE_DEVICE_POLICY,
    "TokenExchange": edge.TOKEN_EXCHANGE,
    "CoreDeviceGroup": edge.CORE_DEVICE_GROUP,
    "ComponentDeployment": edge.COMPONENT_DEPLOYMENT,
    "PanoramaDevice": edge.PANORAMA_DEVICE,
    "NetworkPayload": edge.NETWORK_PAYLOAD,
    "EthernetPayload": edge.ETHERNET_PAYLOAD,
    "StaticIpConnectionInfo": edge.STATIC_IP_CONNECTION_INFO,
    "NtpPayload": edge.NTP_PAYLOAD,
    "FleetProvisioning": fleets.FLEET_PROVISIONING,
    "ProvisioningTemplate": fleets.PROVISIONING_TEMPLATE,
    "ProvisioningDashboard": other.PROVISIONING_DASHBOARD,
    "PreProvisioningHook": devices.PRE_PROVISIONING_HOOK,
    "Attestation": devices.ATTESTATION,
    "DeviceAllowList": devices.DEVICE_ALLOW_LIST,
    "ListedDevice": devices.LISTED_DEVICE,
    "DevicePolicy": devices.DEVICE_POLICY,
    "QuarantineGroup": devices.QUARANTINE_GROUP,
    "BulkRegistration": other.BULK_REGISTRATION,
    "IotdaInstance": other.IOTDA_INSTANCE,
    "IotdaDeviceCa": other.IOTDA_DEVICE_CA,
    "IotdaProvisioningTemplate": other.IOTDA_PROVISIONING_TEMPLATE,
}
"""The settings by component."""

__all__ = ["SETTINGS", "Setting", "Settings"]
