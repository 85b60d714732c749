"""What a fleet of AWS IoT Greengrass v2 core devices needs, as data."""

from .core_device_group import ComponentDeployment, CoreDeviceGroup
from .core_device_policy import core_device_policy
from .enrolment import Enrolment
from .nucleus_config import IotEndpoints, nucleus_config
from .nucleus_settings import Nucleus, NucleusSettings
from .proxy import Proxy
from .token_exchange_role import token_exchange_role_policy, token_exchange_role_trust

__all__ = [
    "ComponentDeployment",
    "CoreDeviceGroup",
    "Enrolment",
    "IotEndpoints",
    "Nucleus",
    "NucleusSettings",
    "Proxy",
    "core_device_policy",
    "nucleus_config",
    "token_exchange_role_policy",
    "token_exchange_role_trust",
]
