"""Rules about the policies of claim certificates."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..finding import Severity
from ..touched_resources import touched_resources
from ..unresolved import is_unresolved
from .body import Body
from .context import Claim
from .patterns import can_be_named, covers
from .registry import GUIDE, Evidence, Problem, rule
from .statements import (
    allowed,
    allows,
    as_list,
    can_match,
    denied,
    everything,
    excludes,
    is_readable,
    resources,
)

_CREATE, _CSR = "$aws/certificates/create", "$aws/certificates/create-from-csr"
_FORMATS = ("json", "cbor")
_OTHER_TOPIC = "topic/-"
"""A topic that has nothing to do with provisioning."""


@rule(
    "DP036",
    "a claim connects, and reaches the topics of this template and of certificate creation",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.OBSERVED,
    source="https://github.com/aws/aws-iot-device-sdk-embedded-C/issues/1833",
    hint="allow iot:Connect on client/*, and iot:Publish and iot:Receive on topic/…, iot:Subscribe on"
    f" topicfilter/…, for {_CREATE}/* (or {_CSR}/*, which the former does not match) and"
    " $aws/provisioning-templates/NAME/provision/*",
)
def claim_topics(body: Body) -> Iterator[Problem]:
    """A device only sees a failed subscription or a dropped connection, no reason.

    What counts is what all policies of the certificate allow together, less what they deny.
    """
    definition = body.context.definition
    name = definition.template_name if definition and definition.template_name is not None else "*"
    for claim in body.context.claims:
        if is_readable([{"Statement": list(allowed(claim.document))}]):
            if not _grants(claim.document, "iot:Connect", "client/*"):
                yield Problem(claim.path, "the claim policy lacks iot:Connect, so that no device can connect")
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
        if not any(_grants(document, action, topic) for topic in wanted):
            lacking.append(f"{action} on {kind}/")
    return lacking


def _grants(document: Mapping[str, Any], action: str, resource: str) -> bool:
    if any(excludes(statement, action, resource) for statement in denied(document)):
        return False
    return any(
        allows(statement, action) and any(can_match(pattern, resource) for pattern in resources(statement))
        for statement in allowed(document)
    )


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
        if any(excludes(statement, "iot:Publish", _OTHER_TOPIC) for statement in denied(claim.document)):
            continue
        for statement in allowed(claim.document):
            wide = everything(statement, "topic")
            if wide and allows(statement, "iot:Publish"):
                message = f"the claim policy allows {_widest(statement)} on {wide[0]}"
                yield Problem(_place(claim, statement), message)


def _place(claim: Claim, statement: Mapping[str, Any]) -> str:
    """The place of the policy of a claim that a statement is of."""
    owners = (policy for policy in claim.policies if statement in as_list(policy.document.get("Statement")))
    return next((policy.path for policy in owners), claim.path)


def _widest(statement: Mapping[str, Any]) -> str:
    return next(
        (action for action in as_list(statement.get("Action")) if action in ("*", "iot:*")), "iot:Publish"
    )


@rule(
    "DP107",
    "a claim policy allows no client id that can be the name of a thing",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=f"{GUIDE}security-best-practices.html",
    hint="allow iot:Connect on client ids that no thing is named by, such as client/claim-*, or deny it on"
    " the names of things",
)
def claim_takes_names_of_things(body: Body) -> Iterator[Problem]:
    """AWS IoT ends a connection when another one has its client id, so a claim could cut devices off."""
    names = touched_resources(body.document).things
    for claim in body.context.claims:
        reached = [name for name in names if not _denies_client(claim.document, name)]
        for pattern, statement in _client_id_patterns(claim.document):
            if found := [name for name in reached if can_be_named(pattern, name)]:
                message = f"the claim policy allows the client id {pattern}, and things are named {found[0]}"
                yield Problem(_place(claim, statement), message)


def _client_id_patterns(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for statement in allowed(document):
        if allows(statement, "iot:Connect"):
            for value in as_list(statement.get("Resource")):
                kind, slash, pattern = str(value).split(":", 5)[-1].partition("/")
                # Other variables are of the certificate or of its thing: nobody chooses them by connecting.
                pattern = pattern.replace("${iot:ClientId}", "*") if slash else "*"
                is_known = not is_unresolved(kind) and not is_unresolved(pattern) and "${iot:" not in pattern
                if is_known and can_match(kind, "client"):
                    yield pattern, statement


def _denies_client(document: Mapping[str, Any], name: str) -> bool:
    return any(
        covers(resource, f"client/{name}")
        for statement in denied(document)
        if allows(statement, "iot:Connect") and "Condition" not in statement
        for resource in resources(statement)
    )
