"""What rules find about the client ids that a fleet's claims may connect with."""

from collections.abc import Mapping, Sequence
from typing import Any

from .claim_policy import claim_policy
from .environment import Environment
from .finding import Finding
from .rules import Claim, Context, check
from .template_type import TemplateType
from .touched_resources import touched_resources

_ANYWHERE = Environment("*", "*", "*")


def claim_findings(
    body: Mapping[str, Any], client_id_patterns: Sequence[str], silenced: Mapping[str, str] | None = None
) -> list[Finding]:
    """Check the claims of a fleet; its body is checked where the template is defined.

    Args:
        body: The template body as a JSON document.
        client_id_patterns: The client ids that a claim connection may use.
        silenced: Codes of rules that don't apply, each with the reason; none by default.

    Example:
        >>> thing = {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "SerialNumber"}}}
        >>> [finding.code for finding in claim_findings({"Resources": {"thing": thing}}, ["*"])]
        ['DP107']
    """
    document = claim_policy(
        "*",
        _ANYWHERE,
        client_id_patterns=client_id_patterns,
        thing_name_patterns=touched_resources(body).things,
    )
    claim = Claim(document)
    findings = check(
        body, TemplateType.FLEET_PROVISIONING, context=Context(claims=[claim]), silenced=silenced
    )
    return [finding for finding in findings if finding.path == claim.path]
