"""Rules for pre-provisioning templates and device CAs; ``docs/rules.md`` lists them all."""

from .catalogue import RULES
from .checks import check, check_device_ca
from .subject import Context, DeviceCa, Template

__all__ = ["RULES", "Context", "DeviceCa", "Template", "check", "check_device_ca"]
