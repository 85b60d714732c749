"""From what the command line asks for to a tree or a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..console.output_files import OutputFile
from ..console.sources import (
    ReadSource,
    Source,
    UnreadableError,
    is_same_file,
    require_one_standard_input,
)
from ..lint.body_type import BodyType
from ..simulation.body_choice import ChosenBody, choose_branches
from ..simulation.branches import parse_conditions, written
from .drawing import draw
from .outcomes import outcomes_of
from .page import page
from .picture import Picture
from .tree import write_tree


@dataclass(frozen=True)
class Request:
    """What the command line asks for: see the options of ``explain``.

    ``document`` is what was read of an account; then ``template`` is the name of what it was read for.
    """

    template: str
    body_type: BodyType
    resource: str | None
    devices: str | None
    html: str | None
    conditions: tuple[str, ...] = ()
    document: str | None = None


def run(request: Request) -> None:
    """Explain.

    Raises:
        UnreadableError: If anything that is given cannot be used.
    """
    if request.body_type is BodyType.IOTDA:
        raise UnreadableError("--type iotda can't be explained: give a template of AWS IoT")
    require_one_standard_input(request.template, request.devices)
    branches = _branches(request)
    if len(branches) > 1 and (request.html or request.devices):
        choices = " or ".join(f"--condition {written({name: value})}" for name, value in _decided(branches))
        raise UnreadableError(f"{request.template}: depends on conditions: give {choices}")
    for chosen, picture in branches:
        outcomes = outcomes_of(chosen, picture, request.devices) if request.devices else None
        if request.html:
            _write_page(request, page(picture, outcomes))
        else:
            title = f"Where {written(chosen.conditions)}" if len(branches) > 1 else ""
            write_tree(picture, outcomes, title)


def _branches(request: Request) -> list[tuple[ChosenBody, Picture]]:
    """The template in every branch that has a picture of its own."""
    conditions = parse_conditions(request.conditions)
    branches: list[tuple[ChosenBody, Picture]] = []
    try:
        for chosen in choose_branches(
            _given(request), request.body_type.template_type, request.resource, conditions
        ):
            picture = draw(chosen)
            if all(picture != other for _, other in branches):
                branches.append((chosen, picture))
    except UnreadableError as error:
        lines = str(error).splitlines()
        raise UnreadableError("\n".join(f"{request.template}: {line}" for line in lines)) from None
    return branches


def _given(request: Request) -> str | Source:
    if request.document is None:
        return request.template
    return ReadSource(request.template, content=request.document)


def _decided(branches: Sequence[tuple[ChosenBody, Picture]]) -> list[tuple[str, bool]]:
    """Each condition that differs, with each of its values."""
    found = {entry: None for chosen, _ in branches for entry in chosen.conditions.items()}
    return [(name, value) for name, value in found if (name, not value) in found]


def _write_page(request: Request, text: str) -> None:
    name = request.html or ""
    if any(given and is_same_file(given, name) for given in (request.template, request.devices)):
        raise UnreadableError(f"{name}: is an input, so the page can't be written there: give another file")
    with OutputFile(name) as file:
        file.write(text.encode())
