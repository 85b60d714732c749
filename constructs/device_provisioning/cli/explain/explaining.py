"""From what the command line asks for to a tree or a page."""

from dataclasses import dataclass
from pathlib import Path

from ..body_choice import choose_body
from ..lint import BodyType
from ..sources import UnreadableError, is_same_file
from .drawing import draw
from .outcomes import outcomes_of
from .page import page
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
    if request.html:
        _write_page(request, page(picture, outcomes))
    else:
        write_tree(picture, outcomes)


def _write_page(request: Request, text: str) -> None:
    name = request.html or ""
    if any(given and is_same_file(given, name) for given in (request.template, request.devices)):
        raise UnreadableError(f"{name}: is read here, so the page can't go there: give another file")
    try:
        Path(name).write_text(text, "utf-8")
    except (OSError, ValueError) as error:
        raise UnreadableError(
            f"{name}: cannot be written: {getattr(error, 'strerror', None) or error}"
        ) from None
