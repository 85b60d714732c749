"""The right of the picture: what a device gets, and what it may use afterwards."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..aws_iot.rules.body import CERTIFICATE, POLICY, THING, Located
from ..aws_iot.rules.policy_rules import document_of
from ..aws_iot.rules.role_rules import needed_actions
from ..aws_iot.touched_resources import name_patterns
from .fleet import Fleet, statements_of
from .picture import Grant, Stage, State
from .role import allowing
from .sketch import Sketch
from .topics import draw_use

_THING_GROUP, _BILLING_GROUP = "Thing group", "Billing group"
# By the first of the actions that the role needs: what it is needed for.
_NEEDED_FOR: Mapping[str, tuple[str, str]] = {
    "iot:CreateThing": (THING, "create"),
    "iot:UpdateCertificate": (CERTIFICATE, "set status"),
    "iot:AttachThingPrincipal": (CERTIFICATE, "attach to thing"),
    "iot:AttachPolicy": (POLICY, "attach"),
    "iot:CreatePolicy": (POLICY, "create"),
    "iot:AddThingToThingGroup": (_THING_GROUP, "add thing"),
    "iot:AddThingToBillingGroup": (_BILLING_GROUP, "add thing"),
}
_NAMED: Mapping[str, str] = {THING: "thing", _THING_GROUP: "thinggroup", _BILLING_GROUP: "billinggroup"}


class _Drawn(NamedTuple):
    """A resource of the body, or a group that its thing joins.

    Args:
        kind: What it is.
        node: The id of its node.
        name: Its name, which may hold wildcards.
        place: The part of the body that asks for it.
        is_made: Whether it is made, rather than there already.
    """

    kind: str
    node: str
    name: str
    place: Located
    is_made: bool = True


def draw_result(sketch: Sketch, fleet: Fleet, role: str) -> None:
    """Draw what the role makes for a device, and what the device may use with it."""
    places = fleet.in_body("Resources").inner()
    drawn = [entry for place in places for entry in _draw(sketch, fleet, place)]
    for actions, resource in needed_actions(fleet.body):
        kind, verb = _NEEDED_FOR[actions[0]]
        prefix, _, _ = resource.partition("/")
        for entry in drawn:
            if entry.kind == kind and (verb != "create" or entry.is_made):
                on = f"{prefix}/{entry.name}" if _NAMED.get(kind) == prefix else resource
                asked = Grant("What the body asks for", *entry.place)
                sketch.arrow(role, entry.node, verb, *allowing(fleet, actions, on, asked))
    _draw_configuration(sketch, fleet, role)


def _draw(sketch: Sketch, fleet: Fleet, place: Located) -> Iterator[_Drawn]:
    kind = (place / "Type").value
    if kind == THING:
        yield from _draw_thing(sketch, fleet, place)
    elif kind == CERTIFICATE:
        status = (place / "Properties" / "Status").value
        title = status if isinstance(status, str) else "status that the body leaves open"
        node = sketch.node(Stage.RESULT, "Certificate", title, paths=[place.path])
        yield _Drawn(CERTIFICATE, node, title, place)
    elif kind == POLICY:
        yield from _draw_policy(sketch, fleet, place)


def _draw_thing(sketch: Sketch, fleet: Fleet, place: Located) -> Iterator[_Drawn]:
    settings = place / "Properties"
    name = " or ".join(_names(fleet, settings / "ThingName")) or "without a name"
    types = _names(fleet, settings / "ThingTypeName")
    attributes = [f"attribute {attribute}" for attribute, _ in (settings / "AttributePayload").items()]
    details = [*(f"type {title}" for title in types), *attributes]
    paths = [place.path, *(path for title in types for path in _defined(fleet, "ThingType", title))]
    node = sketch.node(Stage.RESULT, "Thing", name, details=details, paths=paths)
    yield _Drawn(THING, node, name, place)
    for group in (settings / "ThingGroups").elements():
        yield from _draw_group(sketch, fleet, _THING_GROUP, group, place)
    yield from _draw_group(sketch, fleet, _BILLING_GROUP, settings / "BillingGroup", place)


def _draw_group(sketch: Sketch, fleet: Fleet, kind: str, group: Located, thing: Located) -> Iterator[_Drawn]:
    for title in _names(fleet, group):
        paths = [group.path, *_defined(fleet, kind.title().replace(" ", ""), title)]
        yield _Drawn(kind, sketch.node(Stage.RESULT, kind, title, paths=paths), title, thing)


def _names(fleet: Fleet, place: Located) -> list[str]:
    mappings = fleet.in_body("Mappings").value
    known = mappings if isinstance(mappings, Mapping) else {}
    return [] if place.value is None else list(name_patterns(place.value, known))


def _defined(fleet: Fleet, kind: str, name: str) -> list[str]:
    return [entry.path for entry in fleet.context.neighbours if (entry.kind, entry.name) == (kind, name)]


def _draw_policy(sketch: Sketch, fleet: Fleet, place: Located) -> Iterator[_Drawn]:
    document = place / "Properties" / "PolicyDocument"
    if document.value is None:
        for name in _names(fleet, place / "Properties" / "PolicyName"):
            yield _Drawn(POLICY, _draw_named(sketch, fleet, name, place), name, place, is_made=False)
        return
    title = place.path.rpartition("/")[2]
    node = sketch.node(Stage.RESULT, "Device policy", title, paths=[place.path])
    draw_use(sketch, Stage.TOPICS, node, statements_of(document_of(document), document.path))
    yield _Drawn(POLICY, node, title, place)


def _draw_named(sketch: Sketch, fleet: Fleet, name: str, place: Located) -> str:
    policies = fleet.values.resources("AWS::IoT::Policy")
    found = [policy / "Properties" for known, policy in policies if fleet.values.name(known) == name]
    paths = [place.path, *(settings.path for settings in found)]
    node = sketch.node(Stage.RESULT, "Device policy", name, paths=paths, unseen=not found)
    for settings in found:
        document = settings / "PolicyDocument"
        statements = statements_of(fleet.values.document(document), document.path)
        draw_use(sketch, Stage.TOPICS, node, statements)
    if not found:
        reason = fleet.unseen(f"The policy {name} is defined elsewhere")
        unseen = sketch.node(Stage.TOPICS, "Topics", "not found here", unseen=True)
        sketch.arrow(node, unseen, "use", [reason], State.UNSEEN)
    return node


def _draw_configuration(sketch: Sketch, fleet: Fleet, role: str) -> None:
    place = fleet.in_body("DeviceConfiguration")
    names = [name for name, _ in place.items()]
    if names:
        node = sketch.node(Stage.RESULT, "Device configuration", ", ".join(names), paths=[place.path])
        sketch.arrow(role, node, "hands out", [Grant("What the body asks for", *place)])
