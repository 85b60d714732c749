"""Every rule of IoTDA: a module of rules counts when it is listed here."""

from ...aws_iot.rules.registry import rules_of
from . import limit_rules, parameter_rules, shape_rules, use_rules

RULES = rules_of(limit_rules, parameter_rules, shape_rules, use_rules)
"""Every rule by its code."""
