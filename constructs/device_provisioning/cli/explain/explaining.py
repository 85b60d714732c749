"""From what the command line asks for to a tree or a page."""

from dataclasses import dataclass

from ..body_choice import choose_body
from ..lint import BodyType
from ..sources import UnreadableError
from .drawing import draw
from .outcomes import outcomes_of
from .tree import write_tree


@dataclass(frozen=True)
class Request:
    """What the command line asks for: see the options of ``explain``."""

    template: str
    body_type: BodyType
    resource: str | None
    devices: str | None
    html: str | None


def run(request: Request) -> None:
    """Explain.

    Raises:
        UnreadableError: If anything that is given cannot be used.
    """
    if request.body_type is BodyType.IOTDA:
        raise UnreadableError("--type iotda can't be explained: give a template of AWS IoT")
    try:
        chosen = choose_body(request.template, request.body_type.template_type, request.resource)
    except UnreadableError as error:
        lines = str(error).splitlines()
        raise UnreadableError("\n".join(f"{request.template}: {line}" for line in lines)) from None
    picture = draw(chosen)
    outcomes = outcomes_of(chosen, picture, request.devices) if request.devices else None
    write_tree(picture, outcomes)
