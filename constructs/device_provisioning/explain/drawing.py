"""From a chosen body to its picture."""

from ..aws_iot import (
    CertificateAuthority,
    Context,
    Finding,
    TemplateType,
    check,
    check_certificate_authority,
)
from ..aws_iot.rules import check_stack
from ..console.sources import UnreadableError
from ..simulation.body_choice import ChosenBody
from .fleet import Fleet, owner
from .hook import draw_hook
from .names import ConstructNames
from .picture import Picture
from .result import draw_result
from .role import draw_role
from .sketch import Sketch
from .start import draw_start

_KINDS = {
    TemplateType.FLEET_PROVISIONING: "Fleet provisioning",
    TemplateType.JITP: "Just-in-time provisioning",
    TemplateType.BULK: "Bulk registration",
}


def draw(chosen: ChosenBody) -> Picture:
    """Draw who may do what through one template.

    Raises:
        UnreadableError: If its metadata silences a rule that does not exist, or for no reason.
    """
    fleet = Fleet(chosen)
    sketch = Sketch(ConstructNames(fleet.construct_paths))
    leads = draw_hook(sketch, fleet, draw_start(sketch, fleet))
    draw_result(sketch, fleet, draw_role(sketch, fleet, leads))
    try:
        findings = _findings(fleet)
    except ValueError as error:
        raise UnreadableError(str(error)) from None
    kind = _KINDS[fleet.template_type]
    return sketch.picture(fleet.name, kind, chosen.file, _place(fleet), findings)


def _place(fleet: Fleet) -> str:
    """Where the template is in the file: Pulumi's URNs are too long for a heading."""
    name = owner(fleet.place)
    return name.rpartition("::")[2] if name.startswith("urn:pulumi:") else fleet.place


def _findings(fleet: Fleet) -> list[Finding]:
    chosen = fleet.chosen
    found, contents = chosen.found, chosen.contents
    if not found or contents is None:
        return check(chosen.body, chosen.template_type)
    findings = check(found.body, found.template_type, context=found.context, silenced=found.silenced)
    others = [body.context for body in contents.bodies if body.context.body_path != found.context.body_path]
    for entry in contents.authorities:
        if not any(_is_of(entry.authority, other) for other in others):
            findings += check_certificate_authority(entry.authority, silenced=entry.silenced)
    return findings + check_stack(contents.stack, silenced=contents.silenced)


def _is_of(authority: CertificateAuthority, template: Context) -> bool:
    definition = template.definition
    named = definition is not None and authority.template_name == definition.template_name
    return named or template.body_path.startswith(f"{authority.path}/")
