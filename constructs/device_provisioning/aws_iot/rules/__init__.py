"""Rules for provisioning templates and what surrounds them; ``docs/rules.md`` lists them all."""

from . import (
    authority_rules,
    certificate_rules,
    claim_rules,
    definition_rules,
    function_rules,
    hook_rules,
    override_rules,
    parameter_rules,
    policy_rules,
    role_rules,
    shape_rules,
    stack_rules,
    text_rules,
    thing_rules,
)
from .body import Body
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
from .registry import RULES, Evidence, Rule

_MODULES = (
    authority_rules,
    certificate_rules,
    claim_rules,
    definition_rules,
    function_rules,
    hook_rules,
    override_rules,
    parameter_rules,
    policy_rules,
    role_rules,
    shape_rules,
    stack_rules,
    text_rules,
    thing_rules,
)
"""Importing a module registers its rules."""

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
