"""Rules about the policies of claim certificates."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..finding import Severity
from .body import Body
from .context import Claim
from .registry import GUIDE, Evidence, Problem, rule
from .statements import allowed, allows, can_match, everything, is_readable, resources

_CREATE, _CSR = "$aws/certificates/create", "$aws/certificates/create-from-csr"
_FORMATS = ("json", "cbor")


@rule(
    "DP036",
    "a claim policy reaches the topics of this template and of certificate creation",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.OBSERVED,
    source="https://github.com/aws/aws-iot-device-sdk-embedded-C/issues/1833",
    hint=f"allow iot:Publish and iot:Receive on topic/…, iot:Subscribe on topicfilter/…, for {_CREATE}/* (or"
    f" {_CSR}/*, which the former does not match) and $aws/provisioning-templates/NAME/provision/*",
)
def claim_topics(body: Body) -> Iterator[Problem]:
    """A device only sees a failed subscription or a dropped connection, no reason."""
    definition = body.context.definition
    name = definition.template_name if definition and definition.template_name is not None else "*"
    for claim in body.context.claims:
        if is_readable([claim.document]):
            creation = {True: [_CSR], False: [_CREATE], None: [_CREATE, _CSR]}[claim.uses_csr]
            yield from _missing(claim, creation)
            yield from _missing(claim, [f"$aws/provisioning-templates/{name}/provision"])


def _missing(claim: Claim, requests: list[str]) -> Iterator[Problem]:
    lacks = [_lacking(claim.document, request) for request in requests]
    if all(lacks):
        names = " or ".join(f"{request}/*" for request in requests)
        fewest: list[str] = min(lacks, key=len)
        yield Problem(claim.path, f"the claim policy lacks {', '.join(fewest)} for {names}")


def _lacking(document: Mapping[str, Any], request: str) -> list[str]:
    lacking: list[str] = []
    for action, kind, ending in (
        ("iot:Publish", "topic", ""),
        ("iot:Subscribe", "topicfilter", "/accepted"),
        ("iot:Receive", "topic", "/accepted"),
    ):
        wanted = [f"{kind}/{request}/{payload}{ending}" for payload in _FORMATS]
        if not any(_grants(entry, action, topic) for entry in allowed(document) for topic in wanted):
            lacking.append(f"{action} on {kind}/")
    return lacking


def _grants(statement: Mapping[str, Any], action: str, topic: str) -> bool:
    return allows(statement, action) and any(can_match(pattern, topic) for pattern in resources(statement))


@rule(
    "DP037",
    "a claim policy does not allow iot:Publish everywhere",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=f"{GUIDE}provision-wo-cert.html",
    hint="allow it on the topics of certificate creation and of this template",
)
def claim_publishes_everywhere(body: Body) -> Iterator[Problem]:
    """Many devices share the claim, so whoever has one could speak for every device."""
    for claim in body.context.claims:
        for statement in allowed(claim.document):
            wide = everything(statement, "topic")
            if wide and allows(statement, "iot:Publish"):
                yield Problem(claim.path, f"the claim policy allows iot:Publish on {wide[0]}")
