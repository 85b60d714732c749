"""What AWS IoT accepts, as data: template bodies, intrinsic functions, policy documents."""

from .claim_policy import CertificateSource, PayloadFormat
from .functions import find_in_map, join, ref, select, split, sub
from .hook_settings import Reprovisioning
from .listed_device import ListedDevice
from .parts import Certificate, Parameter, Policy, Thing
from .template import BulkTemplate, FleetTemplate, JitpTemplate
from .template_type import TemplateType

__all__ = [
    "BulkTemplate",
    "Certificate",
    "CertificateSource",
    "FleetTemplate",
    "JitpTemplate",
    "ListedDevice",
    "Parameter",
    "PayloadFormat",
    "Policy",
    "Reprovisioning",
    "TemplateType",
    "Thing",
    "find_in_map",
    "join",
    "ref",
    "select",
    "split",
    "sub",
]
