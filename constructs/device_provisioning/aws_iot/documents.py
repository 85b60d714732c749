"""The documents of the safe defaults, for programs that describe resources of their own.

Example:
    >>> environment = Environment("111122223333", "eu-west-1")
    >>> provisioning_role_trust("sensors", environment)["Statement"][0]["Condition"]["ArnLike"]
    {'aws:SourceArn': 'arn:aws:iot:eu-west-1:111122223333:provisioningtemplate/sensors'}
"""

from .claim_policy import CertificateSource, PayloadFormat, claim_policy
from .device_policy import device_policy
from .environment import Environment
from .provisioning_role import provisioning_role_policy, provisioning_role_trust

__all__ = [
    "CertificateSource",
    "Environment",
    "PayloadFormat",
    "claim_policy",
    "device_policy",
    "provisioning_role_policy",
    "provisioning_role_trust",
]
