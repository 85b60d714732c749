"""Who holds a policy of AWS IoT in a CloudFormation template: a device, by a body, or a claim certificate."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..aws_iot.rules.context import Claim, NamedPolicy
from ..aws_iot.rules.statements import allowed, as_list, can_match, resource_part
from .stack_values import StackValues

UNSEEN = "device-provisioning:unseen"
"""In the metadata of a policy: what is not known of the certificates that hold it."""
_CERTIFICATE = "AWS::IoT::Certificate"
_PROVISIONING = ("topic/$aws/certificates/create*", "topic/$aws/provisioning-templates/*")
_TEMPLATE_TOPIC = re.compile(r"\$aws/provisioning-templates/([^/\"]+)/")
_CLAIM_TOPIC = re.compile(r"\$aws/(?:certificates/create|provisioning-templates/)")


def policies_of(values: StackValues) -> list[NamedPolicy]:
    """Every policy of AWS IoT whose document can be read."""
    found = []
    for logical_id, place in values.resources("AWS::IoT::Policy"):
        given = place / "Properties" / "PolicyDocument"
        document = values.document(given)
        if isinstance(document, Mapping):
            found.append(NamedPolicy(values.name(logical_id), document, given.path))
    return found


def claims_of(values: StackValues, policies: Sequence[NamedPolicy], device_policies: set[str]) -> list[Claim]:
    """What the claim certificates of a CloudFormation template may do.

    A claim is what a certificate of the template holds and no body attaches; several policies of one
    certificate are one claim. A policy that no certificate here holds is a claim if it is about the topics of
    provisioning.

    Args:
        values: The CloudFormation template.
        policies: Its policies of AWS IoT.
        device_policies: The names of those that bodies attach to devices.
    """
    held = list(_held(values, policies))
    united = [
        _united(entries)
        for entries in held
        if any(entry.name not in device_policies for entry in entries) and _provisions(entries)
    ]
    paths = {entry.path for entries in held for entry in entries}
    loose = [entry for entry in policies if entry.path not in paths and entry.name not in device_policies]
    return [*united, *(_united([entry]) for entry in loose if _CLAIM_TOPIC.search(_text(entry)))]


def is_about(claim: Claim, template: str, templates: set[str]) -> bool:
    """Whether a claim is one of a template: it names it, or none of those that are here."""
    named = templates & {name for entry in claim.policies for name in _TEMPLATE_TOPIC.findall(_text(entry))}
    return not named or template in named


def _held(values: StackValues, policies: Sequence[NamedPolicy]) -> Iterator[list[NamedPolicy]]:
    attached: dict[str, list[NamedPolicy]] = {}
    for _, place in values.resources("AWS::IoT::PolicyPrincipalAttachment"):
        settings = place / "Properties"
        certificate = values.referenced((settings / "Principal").value)
        name = values.resolve((settings / "PolicyName").value)
        if values.resource(certificate, _CERTIFICATE) and certificate:
            entries = attached.setdefault(certificate, [])
            entries += [entry for entry in policies if entry.name == name and entry not in entries]
    # Certificates with the same policies are one claim.
    yield from {
        tuple(sorted(entry.path for entry in entries)): entries for entries in attached.values() if entries
    }.values()


def _provisions(policies: Iterable[NamedPolicy]) -> bool:
    reached = [
        resource_part(arn)
        for entry in policies
        for statement in allowed(entry.document)
        for arn in [*as_list(statement.get("Resource")), *(["*"] if "NotResource" in statement else [])]
    ]
    return any(can_match(name, topic) for name in reached for topic in _PROVISIONING)


def _united(policies: Sequence[NamedPolicy]) -> Claim:
    statements: list[Any] = [
        statement for entry in policies for statement in as_list(entry.document.get("Statement"))
    ]
    return Claim({"Statement": statements}, path=policies[0].path, policies=policies)


def _text(policy: NamedPolicy) -> str:
    return json.dumps(policy.document, default=str)
