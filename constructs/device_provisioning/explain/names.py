"""Names as people read them."""

import re
from collections import Counter
from collections.abc import Mapping

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


class ConstructNames:
    """The paths of constructs in the place of logical ids that were generated from them.

    Args:
        paths: The path of each construct, ``aws:cdk:path``, by the logical id of its resource, or Pulumi's
            URN by itself.

    Example:
        >>> names = ConstructNames({"FleetHookB6A3": "Sensors/Fleet/Hook/Resource"})
        >>> names.legible("The function FleetHookB6A3")
        'The function Fleet/Hook'
        >>> names.full("FleetHookB6A3")
        'Sensors/Fleet/Hook/Resource (FleetHookB6A3)'
    """

    def __init__(self, paths: Mapping[str, str]) -> None:
        short = {logical_id: _short(path) for logical_id, path in paths.items()}
        times = Counter(short.values())
        self._short = {logical_id: name for logical_id, name in short.items() if name and times[name] == 1}
        self._paths = paths
        ids = "|".join(re.escape(each) for each in self._short)
        self._ids = re.compile(rf"(?<![\w./{{-])(?:{ids})(?![\w./}}-])") if ids else None

    def legible(self, text: str) -> str:
        """A text with those names, and with what is not known before deployment as ``legible`` writes it."""
        named = self._ids.sub(lambda found: self._short[found[0]], text) if self._ids else text
        return legible(named)

    def full(self, logical_id: str) -> str | None:
        """The whole path and the logical id; ``None`` for what no construct made."""
        path = self._paths.get(logical_id)
        return path if path == logical_id else path and f"{path} ({logical_id})"


def _short(path: str) -> str:
    """Without the stack, which all have in common, and without the CDK's word for the resource itself."""
    if path.startswith("urn:pulumi:"):
        return path.rpartition("::")[2]
    return "/".join(path.split("/")[1:]).removesuffix("/Resource")
