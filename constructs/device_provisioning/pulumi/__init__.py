"""Device provisioning as Pulumi components."""

from ..aws_iot.certificate_mode import CertificateMode
from ..aws_iot.claim_policy import CertificateSource, PayloadFormat
from ..aws_iot.reprovisioning import Reprovisioning
from ..panorama import ConnectionType
from .attestation import AttestationArgs
from .bulk_registration import BulkRegistration, BulkRegistrationArgs
from .certificate_authority import CertificateAuthority, CertificateAuthorityArgs
from .certificate_rotation import CertificateRotation, CertificateRotationArgs
from .claim_certificate import ClaimCertificate, ClaimCertificateArgs
from .core_device_policy import CoreDevicePolicy, CoreDevicePolicyArgs
from .device_allow_list import DeviceAllowList, DeviceAllowListArgs, ListedDeviceArgs, RemovalPolicy
from .device_policy import DevicePolicy, DevicePolicyArgs
from .fleet_provisioning import FleetProvisioning, FleetProvisioningArgs
from .greengrass_core_devices import (
    ComponentDeploymentArgs,
    CoreDeviceGroupArgs,
    GreengrassCoreDevices,
    GreengrassCoreDevicesArgs,
)
from .iotda_device_ca import IotdaDeviceCa, IotdaDeviceCaArgs
from .iotda_provisioning_template import (
    IotdaInstanceArgs,
    IotdaProvisioningTemplate,
    IotdaProvisioningTemplateArgs,
)
from .just_in_time_provisioning import JustInTimeProvisioning, JustInTimeProvisioningArgs
from .just_in_time_registration import JustInTimeRegistration, JustInTimeRegistrationArgs
from .panorama_device import (
    EthernetPayloadArgs,
    NetworkPayloadArgs,
    NtpPayloadArgs,
    PanoramaDevice,
    PanoramaDeviceArgs,
    StaticIpConnectionInfoArgs,
)
from .pre_provisioning_hook import PreProvisioningHook, PreProvisioningHookArgs
from .provisioning_dashboard import ProvisioningDashboard, ProvisioningDashboardArgs
from .provisioning_template import ProvisioningTemplate, ProvisioningTemplateArgs
from .provisioning_template_checks import check_provisioning_templates
from .quarantine_group import QuarantineGroup, QuarantineGroupArgs
from .token_exchange import TokenExchange, TokenExchangeArgs

__all__ = [
    "AttestationArgs",
    "BulkRegistration",
    "BulkRegistrationArgs",
    "CertificateAuthority",
    "CertificateAuthorityArgs",
    "CertificateMode",
    "CertificateRotation",
    "CertificateRotationArgs",
    "CertificateSource",
    "ClaimCertificate",
    "ClaimCertificateArgs",
    "ComponentDeploymentArgs",
    "ConnectionType",
    "CoreDeviceGroupArgs",
    "CoreDevicePolicy",
    "CoreDevicePolicyArgs",
    "DeviceAllowList",
    "DeviceAllowListArgs",
    "DevicePolicy",
    "DevicePolicyArgs",
    "EthernetPayloadArgs",
    "FleetProvisioning",
    "FleetProvisioningArgs",
    "GreengrassCoreDevices",
    "GreengrassCoreDevicesArgs",
    "IotdaDeviceCa",
    "IotdaDeviceCaArgs",
    "IotdaInstanceArgs",
    "IotdaProvisioningTemplate",
    "IotdaProvisioningTemplateArgs",
    "JustInTimeProvisioning",
    "JustInTimeProvisioningArgs",
    "JustInTimeRegistration",
    "JustInTimeRegistrationArgs",
    "ListedDeviceArgs",
    "NetworkPayloadArgs",
    "NtpPayloadArgs",
    "PanoramaDevice",
    "PanoramaDeviceArgs",
    "PayloadFormat",
    "PreProvisioningHook",
    "PreProvisioningHookArgs",
    "ProvisioningDashboard",
    "ProvisioningDashboardArgs",
    "ProvisioningTemplate",
    "ProvisioningTemplateArgs",
    "QuarantineGroup",
    "QuarantineGroupArgs",
    "RemovalPolicy",
    "Reprovisioning",
    "StaticIpConnectionInfoArgs",
    "TokenExchange",
    "TokenExchangeArgs",
    "check_provisioning_templates",
]
