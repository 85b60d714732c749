"""Rules for provisioning templates and what surrounds them; ``docs/rules.md`` lists them all."""

from .body import Body
from .catalogue import RULES
from .checks import check, check_certificate_authority, check_stack
from .context import (
    CertificateAuthority,
    Claim,
    Context,
    Definition,
    Hook,
    InvokePermission,
    Neighbour,
    Role,
    Stack,
)
from .registry import Evidence, Rule

__all__ = [
    "RULES",
    "Body",
    "CertificateAuthority",
    "Claim",
    "Context",
    "Definition",
    "Evidence",
    "Hook",
    "InvokePermission",
    "Neighbour",
    "Role",
    "Rule",
    "Stack",
    "check",
    "check_certificate_authority",
    "check_stack",
]
