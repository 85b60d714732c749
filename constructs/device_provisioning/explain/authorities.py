"""The CA of devices that are provisioned when they connect for the first time."""

from collections.abc import Iterator

from ..aws_iot.rules.body import Located
from ..cloudformation.stack_values import AUTHORITY
from .fleet import Fleet
from .leads import Lead
from .picture import Stage, State
from .sketch import Sketch

_SHOWN = ("Status", "CertificateMode", "AutoRegistrationStatus")


def draw_authorities(sketch: Sketch, fleet: Fleet, device: str) -> list[Lead]:
    """Draw every CA whose devices get this template."""
    leads = []
    for logical_id, settings in authorities(fleet):
        known = [f"{name} {fleet.values.resolve((settings / name).value)}" for name in _SHOWN]
        details = [text for text in known if not text.endswith(" None")]
        ca = sketch.node(Stage.IDENTITY, "CA", logical_id, details=details, paths=[settings.path])
        sketch.arrow(device, ca, "is signed by", [fleet.setting(f"The CA {logical_id}", settings.path)])
        config = (settings / "RegistrationConfig").path
        leads.append(Lead(ca, [fleet.setting(f"The registration configuration of {logical_id}", config)]))
    return leads or [_draw_unseen(sketch, fleet, device)]


def authorities(fleet: Fleet) -> Iterator[tuple[str, Located]]:
    """The logical id and the settings of each of these CAs."""
    for logical_id, place in fleet.values.resources(AUTHORITY):
        settings = place / "Properties"
        named = fleet.values.resolve((settings / "RegistrationConfig" / "TemplateName").value)
        holds_it = fleet.context.body_path.startswith(f"{settings.path}/")
        if holds_it or (named == fleet.name and not fleet.context.belongs_to_ca):
            yield logical_id, settings


def _draw_unseen(sketch: Sketch, fleet: Fleet, device: str) -> Lead:
    reason = fleet.unseen("No CA that is defined next to the template names it")
    ca = sketch.node(Stage.IDENTITY, "CA", "not found here", unseen=True)
    sketch.arrow(device, ca, "is signed by", [reason], State.UNSEEN)
    return Lead(ca, [reason], State.UNSEEN)
