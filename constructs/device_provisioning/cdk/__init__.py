"""Device provisioning as AWS CDK constructs."""

from ..aws_iot.certificate_mode import CertificateMode
from ..aws_iot.claim_policy import CertificateSource, PayloadFormat
from ..aws_iot.listed_device import ListedDevice
from ..aws_iot.reprovisioning import Reprovisioning
from ..greengrass import ComponentDeployment, CoreDeviceGroup
from ..panorama import (
    ConnectionType,
    EthernetPayload,
    NetworkPayload,
    NtpPayload,
    StaticIpConnectionInfo,
)
from .attestation import Attestation
from .bulk_registration import BulkRegistration
from .certificate_authority import CertificateAuthority
from .certificate_rotation import CertificateRotation
from .claim_certificate import ClaimCertificate
from .core_device_policy import CoreDevicePolicy
from .device_allow_list import DeviceAllowList
from .device_policy import DevicePolicy
from .fleet_provisioning import FleetProvisioning
from .greengrass_core_devices import GreengrassCoreDevices
from .iotda_device_ca import IotdaDeviceCa
from .iotda_instance import IotdaInstance
from .iotda_provisioning_template import IotdaProvisioningTemplate
from .just_in_time_provisioning import JustInTimeProvisioning
from .just_in_time_registration import JustInTimeRegistration
from .panorama_device import PanoramaDevice
from .pre_provisioning_hook import PreProvisioningHook
from .provisioning_dashboard import ProvisioningDashboard
from .provisioning_template import ProvisioningTemplate
from .provisioning_template_checks import ProvisioningTemplateChecks
from .quarantine_group import QuarantineGroup
from .token_exchange import TokenExchange

__all__ = [
    "Attestation",
    "BulkRegistration",
    "CertificateAuthority",
    "CertificateMode",
    "CertificateRotation",
    "CertificateSource",
    "ClaimCertificate",
    "ComponentDeployment",
    "ConnectionType",
    "CoreDeviceGroup",
    "CoreDevicePolicy",
    "DeviceAllowList",
    "DevicePolicy",
    "EthernetPayload",
    "FleetProvisioning",
    "GreengrassCoreDevices",
    "IotdaDeviceCa",
    "IotdaInstance",
    "IotdaProvisioningTemplate",
    "JustInTimeProvisioning",
    "JustInTimeRegistration",
    "ListedDevice",
    "NetworkPayload",
    "NtpPayload",
    "PanoramaDevice",
    "PayloadFormat",
    "PreProvisioningHook",
    "ProvisioningDashboard",
    "ProvisioningTemplate",
    "ProvisioningTemplateChecks",
    "QuarantineGroup",
    "Reprovisioning",
    "StaticIpConnectionInfo",
    "TokenExchange",
]
