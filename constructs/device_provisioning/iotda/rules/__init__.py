"""Rules for pre-provisioning templates and device CAs; ``docs/rules.md`` lists them all."""

from . import limit_rules, parameter_rules, shape_rules, use_rules
from .checks import check, check_device_ca
from .subject import Context, DeviceCa, Template

_MODULES = (limit_rules, parameter_rules, shape_rules, use_rules)
"""Importing a module registers its rules."""

__all__ = ["Context", "DeviceCa", "Template", "check", "check_device_ca"]
