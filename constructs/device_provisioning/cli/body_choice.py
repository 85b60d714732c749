"""The one body to simulate: of a file, a CloudFormation template, a cdk.out folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..aws_iot import TemplateType
from ..aws_iot.rules.stack_reader import FoundBody, read_stack
from ..aws_iot.template_text import parse_body
from .sources import Source, UnreadableError, find_sources
from .stacks import stack_of


@dataclass(frozen=True)
class ChosenBody:
    """A body that can be evaluated.

    Args:
        file: Where it was found.
        text: The body as it was given.
        document: The body.
        template_type: What it is for.
        found: What surrounds it; ``None`` if it stands alone.
        stack: The CloudFormation template that it is in; ``None`` if it stands alone.
    """

    file: str
    text: str | Mapping[str, Any]
    document: Mapping[str, Any]
    template_type: TemplateType
    found: FoundBody | None = None
    stack: Mapping[str, Any] | None = None

    @property
    def has_hook(self) -> bool:
        """Whether the template has a pre-provisioning hook, as far as that is known."""
        return self.found is not None and self.found.context.hook is not None

    @property
    def resource(self) -> str | None:
        """The logical id of its resource; ``None`` if it stands alone."""
        return self.found.context.body_path.split("/")[2] if self.found else None


def choose_body(given: str, template_type: TemplateType, resource: str | None) -> ChosenBody:
    """Find the body.

    Args:
        given: A file, a folder, ``-``.
        template_type: What a body that stands alone is for.
        resource: The logical id of the resource that holds it; the only one by default.

    Raises:
        UnreadableError: If there is none, or several and no choice, or it is no JSON.
    """
    candidates = [body for source in find_sources(given) for body in _bodies(source, template_type)]
    fitting = [body for body in candidates if resource in (None, body.resource)]
    if len(fitting) == 1:
        return fitting[0]
    if not candidates:
        raise UnreadableError("holds no provisioning template")
    if not fitting:
        raise UnreadableError(f"has no template {resource}: give --resource {_names(candidates)}")
    advice = "give one of the files" if resource else f"give --resource {_names(fitting)}"
    raise UnreadableError(f"holds {len(fitting)} provisioning templates: {advice}")


def _names(bodies: list[ChosenBody]) -> str:
    return " or ".join(f"{body.resource} ({body.file})" for body in bodies if body.resource) or "nothing"


def _bodies(source: Source, template_type: TemplateType) -> Iterator[ChosenBody]:
    text = source.text()
    stack = stack_of(text)
    if stack is None:
        yield ChosenBody(source.name, text, _document(text), template_type)
        return
    try:
        found = read_stack(stack).bodies
    except ValueError as error:
        raise UnreadableError(str(error)) from None
    for body in found:
        document = body.body if isinstance(body.body, Mapping) else _document(body.body)
        yield ChosenBody(source.name, body.body, document, body.template_type, body, stack)


def _document(text: str) -> Mapping[str, Any]:
    try:
        return parse_body(text)
    except ValueError as error:
        raise UnreadableError(str(error)) from None
