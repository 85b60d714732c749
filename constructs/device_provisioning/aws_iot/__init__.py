"""What AWS IoT accepts, as data: template bodies, intrinsic functions, rules, evaluation."""

from .certificate_mode import CertificateMode
from .claim_policy import CertificateSource, PayloadFormat
from .evaluation import (
    CompiledTemplate,
    ExistingThing,
    Failure,
    FailureReason,
    Outcome,
    Result,
    compile_template,
    evaluate,
)
from .finding import Finding, Severity
from .functions import find_in_map, join, ref, select, split, sub
from .listed_device import ListedDevice
from .parts import Certificate, Parameter, Policy, Thing
from .reprovisioning import Reprovisioning
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
    "CertificateMode",
    "CertificateSource",
    "Claim",
    "CompiledTemplate",
    "Context",
    "Definition",
    "ExistingThing",
    "Failure",
    "FailureReason",
    "Finding",
    "FleetTemplate",
    "Hook",
    "InvokePermission",
    "JitpTemplate",
    "ListedDevice",
    "Neighbour",
    "Outcome",
    "Parameter",
    "PayloadFormat",
    "Policy",
    "Reprovisioning",
    "Result",
    "Role",
    "Severity",
    "TemplateType",
    "Thing",
    "check",
    "check_certificate_authority",
    "compile_template",
    "evaluate",
    "find_in_map",
    "is_unresolved",
    "join",
    "ref",
    "select",
    "split",
    "sub",
]
