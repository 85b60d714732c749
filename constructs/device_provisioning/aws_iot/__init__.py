"""What AWS IoT accepts, as data: template bodies, intrinsic functions, rules."""

from .claim_policy import CertificateSource, PayloadFormat
from .finding import Finding, Severity
from .functions import find_in_map, join, ref, select, split, sub
from .hook_settings import Reprovisioning
from .listed_device import ListedDevice
from .parts import Certificate, Parameter, Policy, Thing
from .rules import (
    CertificateAuthority,
    Claim,
    Context,
    Definition,
    Hook,
    InvokePermission,
    Neighbour,
    Role,
    check,
    check_certificate_authority,
)
from .template import BulkTemplate, FleetTemplate, JitpTemplate
from .template_type import TemplateType
from .unresolved import is_unresolved

__all__ = [
    "BulkTemplate",
    "Certificate",
    "CertificateAuthority",
    "CertificateSource",
    "Claim",
    "Context",
    "Definition",
    "Finding",
    "FleetTemplate",
    "Hook",
    "InvokePermission",
    "JitpTemplate",
    "ListedDevice",
    "Neighbour",
    "Parameter",
    "PayloadFormat",
    "Policy",
    "Reprovisioning",
    "Role",
    "Severity",
    "TemplateType",
    "Thing",
    "check",
    "check_certificate_authority",
    "find_in_map",
    "is_unresolved",
    "join",
    "ref",
    "select",
    "split",
    "sub",
]
