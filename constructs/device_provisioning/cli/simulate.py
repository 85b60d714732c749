"""The verb ``simulate``."""

from ..console.problems import exit_with
from ..lint.body_type import BodyType
from .options import BodyTypeOption, ConditionOption, Normalise, ResourceOption
from .simulate_options import Certificate, Device, Devices, Existing, Hook, More, Out, Template, Workers


def simulate(
    template: Template,
    more: More = None,
    device: Device = None,
    devices: Devices = None,
    certificate: Certificate = None,
    hook: Hook = None,
    existing: Existing = None,
    body_type: BodyTypeOption = BodyType.FLEET,
    resource: ResourceOption = None,
    condition: ConditionOption = None,
    normalise: Normalise = None,
    out: Out = None,
    workers: Workers = None,
) -> None:
    """Show what each device would get, as JSON Lines.

    A device that would get nothing has the reason in its line.

    Exit status: 0 when every device is provisioned, 1 when any fails, 2 when something could not be read,
    130 after Ctrl-C.
    """
    from ..simulation.run import Request, run

    request = Request(
        template=template,
        body_type=body_type,
        resource=resource,
        device=(*(device or ()), *(more or ())),
        devices=devices,
        certificate=certificate,
        hook=hook,
        existing=existing,
        out=out,
        workers=workers,
        conditions=tuple(condition or ()),
        normalise=tuple(normalise or ()),
    )
    exit_with(lambda: run(request))
