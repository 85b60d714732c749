"""Device provisioning as AWS CDK constructs."""

from ..aws_iot.claim_policy import CertificateSource, PayloadFormat
from ..aws_iot.hook_settings import Reprovisioning
from ..aws_iot.listed_device import ListedDevice
from .claim_certificate import ClaimCertificate
from .device_allow_list import DeviceAllowList
from .device_policy import DevicePolicy
from .fleet_provisioning import FleetProvisioning
from .pre_provisioning_hook import PreProvisioningHook
from .provisioning_template import ProvisioningTemplate
from .provisioning_template_checks import ProvisioningTemplateChecks

__all__ = [
    "CertificateSource",
    "ClaimCertificate",
    "DeviceAllowList",
    "DevicePolicy",
    "FleetProvisioning",
    "ListedDevice",
    "PayloadFormat",
    "PreProvisioningHook",
    "ProvisioningTemplate",
    "ProvisioningTemplateChecks",
    "Reprovisioning",
]
