"""Every rule of AWS IoT: a module of rules counts when it is listed here."""

from . import (
    authority_rules,
    certificate_rules,
    choice_rules,
    claim_rules,
    definition_rules,
    function_rules,
    hook_rules,
    override_rules,
    parameter_rules,
    policy_rules,
    role_rules,
    serial_number_rules,
    shape_rules,
    stack_rules,
    text_rules,
    thing_rules,
)
from .registry import rules_of

RULES = rules_of(
    authority_rules,
    certificate_rules,
    choice_rules,
    claim_rules,
    definition_rules,
    function_rules,
    hook_rules,
    override_rules,
    parameter_rules,
    policy_rules,
    role_rules,
    serial_number_rules,
    shape_rules,
    stack_rules,
    text_rules,
    thing_rules,
)
"""Every rule by its code."""
