"""The rules of every platform, for what is used for all of them."""

from ..aws_iot.rules import RULES as RULES_OF_AWS_IOT
from ..iotda.rules import RULES as RULES_OF_IOTDA

EVERY_RULE = {**RULES_OF_AWS_IOT, **RULES_OF_IOTDA}
"""Every rule by its code."""
