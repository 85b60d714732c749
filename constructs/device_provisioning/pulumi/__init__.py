"""Device provisioning as Pulumi components."""

from ..aws_iot.claim_policy import CertificateSource, PayloadFormat
from ..aws_iot.hook_settings import Reprovisioning
from .claim_certificate import ClaimCertificate, ClaimCertificateArgs
from .device_allow_list import DeviceAllowList, DeviceAllowListArgs, ListedDeviceArgs, RemovalPolicy
from .device_policy import DevicePolicy, DevicePolicyArgs
from .fleet_provisioning import FleetProvisioning, FleetProvisioningArgs
from .pre_provisioning_hook import PreProvisioningHook, PreProvisioningHookArgs
from .provisioning_template import ProvisioningTemplate, ProvisioningTemplateArgs

__all__ = [
    "CertificateSource",
    "ClaimCertificate",
    "ClaimCertificateArgs",
    "DeviceAllowList",
    "DeviceAllowListArgs",
    "DevicePolicy",
    "DevicePolicyArgs",
    "FleetProvisioning",
    "FleetProvisioningArgs",
    "ListedDeviceArgs",
    "PayloadFormat",
    "PreProvisioningHook",
    "PreProvisioningHookArgs",
    "ProvisioningTemplate",
    "ProvisioningTemplateArgs",
    "RemovalPolicy",
    "Reprovisioning",
]
