"""The one body to simulate: of a file, a CloudFormation template, a cdk.out folder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..aws_iot import TemplateType
from ..aws_iot.template_text import parse_body
from ..cloudformation.library_hooks import hook_environment
from ..cloudformation.stack_reader import FoundBody, StackContents, read_stack
from ..cloudformation.variants import Variant, variants_of
from ..console.sources import Source, UnreadableError, find_sources
from ..plans.plan import Plan
from ..plans.reading import read_plan

MOST_IN_A_LINE, MOST_NAMES = 3, 20


@dataclass(frozen=True)
class ChosenBody:
    """A body that can be evaluated.

    Args:
        file: Where it was found.
        body: The body as it was given.
        document: The body.
        template_type: What it is for.
        found: What surrounds it; ``None`` if it stands alone.
        contents: What it is in; ``None`` if it stands alone.
        conditions: What the conditions are that decide about it.
    """

    file: str
    body: str | Mapping[str, Any]
    document: Mapping[str, Any]
    template_type: TemplateType
    found: FoundBody | None = None
    contents: StackContents | None = None
    conditions: Mapping[str, bool] = field(default_factory=dict)

    @property
    def stack(self) -> Mapping[str, Any] | None:
        """The CloudFormation template that it is in; ``None`` if it stands alone."""
        return self.contents.values.root.value if self.contents else None

    @property
    def provisions(self) -> tuple[object, ...]:
        """What decides about a device."""
        hook = self.found.context.hook if self.found else None
        settings = hook_environment(self.stack or {}, hook.function_path) if hook else None
        return self.document, self.template_type, hook, settings

    @property
    def has_hook(self) -> bool:
        """Whether the template has a pre-provisioning hook, as far as that is known."""
        return self.found is not None and self.found.context.hook is not None

    @property
    def resource(self) -> str | None:
        """The logical id of its resource; ``None`` if it stands alone."""
        part = self.found.context.body_path.split("/")[2] if self.found else None
        return part.replace("~1", "/").replace("~0", "~") if part else None


def choose_body(given: str, template_type: TemplateType, resource: str | None) -> ChosenBody:
    """Find the body, which no condition may change.

    Args:
        given: A file, a folder, ``-``.
        template_type: The type of a standalone body file.
        resource: The logical id of the resource that holds it; the only one by default.

    Raises:
        UnreadableError: If there is none, or several and no choice, or it is not valid JSON.
    """
    bodies = distinct(choose_branches(given, template_type, resource))
    if len(bodies) > 1:
        raise UnreadableError(f"depends on {' and '.join(bodies[0].conditions)}: give the body alone")
    return bodies[0]


def distinct(branches: Sequence[ChosenBody]) -> list[ChosenBody]:
    """The branches without those that provision as one before them does.

    Args:
        branches: The body in every branch.
    """
    found: list[ChosenBody] = []
    for branch in branches:
        if all(branch.provisions != other.provisions for other in found):
            found.append(branch)
    return found


def choose_branches(
    given: str | Source,
    template_type: TemplateType,
    resource: str | None,
    conditions: Mapping[str, bool] | None = None,
) -> list[ChosenBody]:
    """Find the body, in each branch of the conditions.

    Args:
        given: A file, a folder, ``-``, or what was read already.
        template_type: The type of a standalone body file.
        resource: The logical id of the resource that holds it; the only one by default.
        conditions: Conditions that are known; none by default.

    Raises:
        UnreadableError: If there is none, or several and no choice, or it is not valid JSON.
    """
    sources = [given] if isinstance(given, Source) else find_sources(given)
    candidates = [body for source in sources for body in _bodies(source, template_type, conditions or {})]
    fitting = [branches for branches in candidates if resource in (None, branches[0].resource)]
    if len(fitting) == 1:
        _require_known(conditions or {}, fitting[0][0].conditions)
        return fitting[0]
    if not candidates:
        raise UnreadableError("contains no provisioning template")
    if not fitting:
        raise UnreadableError(f"has no template {resource}: give --resource {_names(candidates)}")
    advice = "give one of the files" if resource else f"give --resource {_names(fitting)}"
    raise UnreadableError(f"holds {len(fitting)} provisioning templates: {advice}")


def _require_known(chosen: Mapping[str, bool], conditions: Mapping[str, bool]) -> None:
    if unknown := [name for name in chosen if name not in conditions]:
        advice = f"give {' or '.join(conditions)}" if conditions else "leave --condition out"
        raise UnreadableError(f"no condition {' or '.join(unknown)} decides anything here: {advice}")


def _names(bodies: list[list[ChosenBody]]) -> str:
    """What to choose from: a line, or one line each if there are many."""
    names = [f"{body.resource} ({body.file})" for body, *_ in bodies if body.resource]
    if len(names) <= MOST_IN_A_LINE:
        return " or ".join(names) or "nothing"
    more = len(names) - MOST_NAMES
    rest = [f"and {more} more"] if more > 0 else []
    return "\n".join(["one of", *names[:MOST_NAMES], *rest])


def _bodies(
    source: Source, template_type: TemplateType, conditions: Mapping[str, bool]
) -> Iterator[list[ChosenBody]]:
    """Each body of a file, in every branch."""
    plan = read_plan(source.text())
    for loose in plan.bodies:
        kind = loose.template_type or template_type
        yield [ChosenBody(source.name, loose.body, _document(loose.body), kind)]
    if plan.document is None:
        return
    branches: dict[str | None, list[ChosenBody]] = {}
    try:
        for variant in variants_of(plan.document, conditions):
            for body in _of_variant(source, plan, variant):
                branches.setdefault(body.resource, []).append(body)
    except ValueError as error:
        raise UnreadableError(str(error)) from None
    yield from branches.values()


def _of_variant(source: Source, plan: Plan, variant: Variant) -> Iterator[ChosenBody]:
    contents = read_stack(
        variant.document, repeated_keys=plan.repeated_keys, names_are_checked=plan.names_are_checked
    )
    for body in contents.bodies:
        document = _document(body.body)
        yield ChosenBody(
            source.name, body.body, document, body.template_type, body, contents, variant.conditions
        )


def _document(body: str | Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return body if isinstance(body, Mapping) else parse_body(body)
    except ValueError as error:
        raise UnreadableError(str(error)) from None
