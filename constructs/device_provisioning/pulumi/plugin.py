"""The components for programs in other languages: a plugin that Pulumi's engine finds on the PATH."""

from pulumi.provider.experimental import component_provider_host

from .. import __version__
from .claim_certificate import ClaimCertificate
from .device_allow_list import DeviceAllowList
from .device_policy import DevicePolicy
from .fleet_provisioning import FleetProvisioning
from .pre_provisioning_hook import PreProvisioningHook
from .provisioning_template import ProvisioningTemplate

PACKAGE = "device-provisioning"
COMPONENTS = (
    ClaimCertificate,
    DeviceAllowList,
    DevicePolicy,
    FleetProvisioning,
    PreProvisioningHook,
    ProvisioningTemplate,
)


def main() -> None:
    """Serve every component; the engine runs this as ``pulumi-resource-device-provisioning``."""
    component_provider_host(list(COMPONENTS), PACKAGE, version=__version__)
