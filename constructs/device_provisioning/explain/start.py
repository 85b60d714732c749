"""The left of the picture: a device, what it connects with at first, and what it may use with that."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..aws_iot import Claim, TemplateType
from ..aws_iot.functions import CERTIFICATE_ID
from ..aws_iot.rules.statements import can_match
from ..cloudformation.claims import UNSEEN
from .authorities import draw_authorities
from .fleet import Fleet, grants_of, owner, statements_of
from .leads import Lead
from .picture import Grant, Stage, State
from .sketch import Sketch
from .topics import draw_use
from .trusted_users import trusted_users

_DEVICES = {
    TemplateType.FLEET_PROVISIONING: "not registered yet",
    TemplateType.JITP: "connects for the first time",
    TemplateType.BULK: "a line of a file",
}


def draw_start(sketch: Sketch, fleet: Fleet) -> list[Lead]:
    """Draw the way of a device up to where its registration is asked for."""
    device = _draw_device(sketch, fleet)
    if fleet.template_type is TemplateType.JITP:
        return draw_authorities(sketch, fleet, device)
    if fleet.template_type is TemplateType.BULK:
        return [_draw_task(sketch, device)]
    leads = [lead for claim in fleet.context.claims for lead in _draw_claim(sketch, fleet, device, claim)]
    leads += _draw_trusted_users(sketch, fleet, device)
    return leads or [_draw_unseen_claim(sketch, fleet, device)]


def _draw_device(sketch: Sketch, fleet: Fleet) -> str:
    parameters = fleet.in_body("Parameters")
    supplied = [entry for entry in parameters.items() if entry[0] != CERTIFICATE_ID]
    details = [_parameter(name, place.value) for name, place in supplied]
    title = "replaces its certificate" if fleet.is_rotation else _DEVICES[fleet.template_type]
    return sketch.node(Stage.DEVICE, "Device", title, details=details, paths=[parameters.path])


def _parameter(name: str, declared: Any) -> str:
    default = declared.get("Default") if isinstance(declared, Mapping) else None
    return f"parameter {name}" if default is None else f"parameter {name}, or {default}"


def _draw_task(sketch: Sketch, device: str) -> Lead:
    reason = Grant("Whoever may call StartThingRegistrationTask with this body starts it", "", None)
    task = sketch.node(Stage.IDENTITY, "Registration task", "not found here", unseen=True)
    sketch.arrow(device, task, "is in", [reason], State.UNSEEN)
    return Lead(task, [reason], State.UNSEEN)


def _draw_claim(sketch: Sketch, fleet: Fleet, device: str, held: Claim) -> Iterator[Lead]:
    policies = {owner(policy.path): policy for policy in held.policies}
    name = " and ".join(policies)
    kind = "Certificate that it has" if fleet.is_rotation else "Claim certificate"
    paths = [policy.path for policy in held.policies]
    claim = sketch.node(Stage.IDENTITY, kind, name, paths=paths)
    attached = list(_attachments(fleet, held))
    unseen = list(_unseen(fleet, held))
    elsewhere = [Grant(f"No certificate next to the template has {name}", held.path, held.document)]
    reasons = [*attached, *unseen] or elsewhere
    sketch.arrow(device, claim, "holds", reasons, State.GRANTED if attached else State.UNSEEN)
    statements = [entry for policy in held.policies for entry in statements_of(policy.document, policy.path)]
    published = draw_use(sketch, Stage.FIRST_TOPICS, claim, statements)
    asking = [use for use in published if _asks(fleet, use.topic)]
    for use in asking:
        yield Lead(use.node, [use.grant])
    if not asking:
        nothing = Grant(f"{name} lets nobody register through this template", held.path, held.document)
        yield Lead(claim, [nothing], State.MISSING)


def _asks(fleet: Fleet, topic: str) -> bool:
    request = f"$aws/provisioning-templates/{fleet.name}/provision"
    return any(can_match(topic, f"{request}/{payload}") for payload in ("json", "cbor"))


def _attachments(fleet: Fleet, claim: Claim) -> Iterator[Grant]:
    """What gives the policies of a claim to its certificates, which hold these and no others of claims."""
    wanted = {policy.name: owner(policy.path) for policy in claim.policies}
    others = {policy.name for each in fleet.context.claims for policy in each.policies} - wanted.keys()
    found: dict[str | None, dict[str, Grant]] = {}
    for logical_id, place in fleet.values.resources("AWS::IoT::PolicyPrincipalAttachment"):
        settings = place / "Properties"
        certificate = fleet.values.referenced((settings / "Principal").value)
        name = fleet.values.resolve((settings / "PolicyName").value)
        title = f"{logical_id} gives {wanted.get(name, name)} to {certificate or 'a certificate'}"
        found.setdefault(certificate, {})[name] = fleet.setting(title, settings.path)
    for certificate, grants in found.items():
        if certificate is None or (wanted.keys() <= grants.keys() and not others & grants.keys()):
            yield from (grant for name, grant in grants.items() if name in wanted)


def _unseen(fleet: Fleet, claim: Claim) -> Iterator[Grant]:
    """What is not known of the certificates that hold the policies of a claim."""
    for policy in claim.policies:
        path = f"{policy.path.removesuffix('/Properties/PolicyDocument')}/Metadata/{UNSEEN}"
        if isinstance(reason := fleet.at(path), str):
            yield Grant(reason, policy.path, policy.document)


def _draw_trusted_users(sketch: Sketch, fleet: Fleet, device: str) -> Iterator[Lead]:
    for name, path, statements in trusted_users(fleet):
        user = sketch.node(Stage.DEVICE, "Trusted user", name, paths=[path])
        claim = sketch.node(Stage.IDENTITY, "Claim of a trusted user", "valid for five minutes")
        sketch.arrow(user, claim, "creates", grants_of(statements))
        handed = Grant("An app of the trusted user hands it to the device", "", None)
        sketch.arrow(device, claim, "holds", [handed], State.UNSEEN)
        unknown = Grant("What such a claim may use is for AWS IoT to say, not for a policy", "", None)
        yield Lead(claim, [unknown], State.UNSEEN)


def _draw_unseen_claim(sketch: Sketch, fleet: Fleet, device: str) -> Lead:
    reason = fleet.unseen(
        fleet.at(f"/Metadata/{UNSEEN}")
        or "No claim policy and no trusted user are defined next to the template"
    )
    claim = sketch.node(Stage.IDENTITY, "Claim", "not found here", unseen=True)
    sketch.arrow(device, claim, "holds", [reason], State.UNSEEN)
    return Lead(claim, [reason], State.UNSEEN)
