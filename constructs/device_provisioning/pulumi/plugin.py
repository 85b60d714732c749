"""The components for programs in other languages: a plugin that Pulumi's engine finds on the PATH."""

import sys

from pulumi.provider import main

from ..version import __version__
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
from .iotda_provisioning_template import IotdaProvisioningTemplate
from .just_in_time_provisioning import JustInTimeProvisioning
from .just_in_time_registration import JustInTimeRegistration
from .panorama_device import PanoramaDevice
from .plugin_provider import PluginProvider
from .pre_provisioning_hook import PreProvisioningHook
from .provisioning_dashboard import ProvisioningDashboard
from .provisioning_template import ProvisioningTemplate
from .quarantine_group import QuarantineGroup
from .token_exchange import TokenExchange

PACKAGE = "device-provisioning"
COMPONENTS = (
    BulkRegistration,
    CertificateAuthority,
    CertificateRotation,
    JustInTimeProvisioning,
    JustInTimeRegistration,
    ClaimCertificate,
    CoreDevicePolicy,
    DeviceAllowList,
    DevicePolicy,
    FleetProvisioning,
    GreengrassCoreDevices,
    PanoramaDevice,
    IotdaDeviceCa,
    IotdaProvisioningTemplate,
    PreProvisioningHook,
    ProvisioningDashboard,
    ProvisioningTemplate,
    QuarantineGroup,
    TokenExchange,
)


def provider() -> PluginProvider:
    """The provider of every component."""
    return PluginProvider(list(COMPONENTS), PACKAGE, version=__version__)


def serve() -> None:
    """Serve every component until the engine ends this process."""
    main(provider(), sys.argv[1:])
