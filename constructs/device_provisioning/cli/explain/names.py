"""Names as people read them."""

import re

_TOKEN = re.compile(r"[$#]\{Token\[([^\]]*)\]\}")
_RESOURCE = 5
"""Colons in front of the resource of an ARN."""


def legible(text: str) -> str:
    """A text with what is not known before deployment written as CloudFormation's ``Fn::Sub`` does.

    Example:
        >>> legible("arn:${Token[AWS.Partition]}:iot:::cert/${Token[Claim.CertificateId]}")
        'arn:${AWS::Partition}:iot:::cert/${Claim.CertificateId}'
    """
    return _TOKEN.sub(lambda found: f"${{{_pseudo_parameter(found[1])}}}", text)


def _pseudo_parameter(name: str) -> str:
    return name.replace("AWS.", "AWS::", 1) if name.startswith("AWS.") else name


def resource_of(arn: str) -> tuple[str, str]:
    """What kind of resource an ARN names, and which.

    Example:
        >>> resource_of("arn:aws:iot:eu-west-1:111122223333:topic/dt/${iot:ClientId}")
        ('topic', 'dt/${iot:ClientId}')
        >>> resource_of("*")
        ('', '*')
    """
    resource = arn.split(":", _RESOURCE)[-1]
    kind, separator, name = resource.partition("/")
    return (kind, name) if separator else ("", resource)
