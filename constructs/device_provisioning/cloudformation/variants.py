"""A CloudFormation template without conditions, loops and ``Globals``: what is deployed, each way it can be.

Each condition is taken as true, as false, and as the only one that is false: every branch is seen.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..aws_iot.json_pointer import escaped
from .loops import loop_entries

_MAX_CONDITIONS = 8
_NO_VALUE = {"Ref": "AWS::NoValue"}
_HOOK = "PreProvisioningHook"


@dataclass(frozen=True)
class Variant:
    """One way in which a template can be deployed.

    Args:
        document: The template, without conditions, loops and ``Globals``.
        places: Where the parts that stand elsewhere in the template are, by their place in the document.
        conditions: The conditions that decide something, and what each is taken for.
    """

    document: Mapping[str, Any]
    places: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, bool] = field(default_factory=dict)

    def origin(self, path: str) -> str:
        """The place in the template itself of a place in the document."""
        return moved(path, self.places)


def moved(path: str, places: Mapping[str, str]) -> str:
    """A place, with the longest part of it that is known to be elsewhere replaced.

    Example:
        >>> moved("/Resources/A/Properties", {"/Resources/A": "/Resources/Fn::ForEach::All/2/${Name}"})
        '/Resources/Fn::ForEach::All/2/${Name}/Properties'
    """
    start = len(path)
    while start >= 0:
        if path[:start] in places:
            return places[path[:start]] + path[start:]
        start = path.rfind("/", 0, start) if start else -1
    return path


def variants_of(document: Mapping[str, Any], chosen: Mapping[str, bool] | None = None) -> list[Variant]:
    """Every way in which a template can be deployed, as far as one condition changes it.

    Args:
        document: A CloudFormation template with its tags in long form.
        chosen: Conditions that are known; none by default.
    """
    chosen = chosen or {}
    every = list(dict.fromkeys(_conditions(document)))
    if not every and "Globals" not in document and not _has_loops(document):
        return [Variant(document)]
    conditions = [name for name in every if name not in chosen][:_MAX_CONDITIONS]
    refuted: list[set[str]] = [set()]
    if conditions:
        refuted += [set(conditions), *({condition} for condition in conditions if len(conditions) > 1)]
    known = {name for name, value in chosen.items() if not value}
    return [_Plain(document, false | known, every).variant() for false in refuted]


def _conditions(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        match value:
            case {"Fn::If": [str() as name, _, _]} if len(value) == 1:
                yield name
        for inner in value.values():
            yield from _conditions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _conditions(inner)


def _has_loops(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(str(key).startswith("Fn::ForEach::") or _has_loops(inner) for key, inner in value.items())
    return isinstance(value, list) and any(map(_has_loops, value))


class _Plain:
    """A template on its way to being plain, under some conditions that are false."""

    def __init__(self, document: Mapping[str, Any], false: set[str], conditions: Sequence[str]) -> None:
        self._document = document
        self._false = false
        self._conditions = {name: name not in false for name in conditions}
        self._places: dict[str, str] = {}

    def variant(self) -> Variant:
        document = self._plain(self._document, "", "")
        resources = document.get("Resources") if isinstance(document, Mapping) else None
        if isinstance(resources, dict):
            for name, resource in resources.items():
                self._add_globals(resource, f"/Resources/{escaped(str(name))}")
        return Variant(document, self._places, self._conditions)

    def _plain(self, value: Any, path: str, origin: str) -> Any:
        match value:
            case {"Fn::If": [str() as condition, _, _]} if len(value) == 1:
                if path.endswith(f"/{_HOOK}") and _NO_VALUE in value["Fn::If"]:
                    return value  # a rule is about this condition itself
                number = 2 if condition in self._false else 1
                place = f"{origin}/Fn::If/{number}"
                self._places[path] = place
                return self._plain(value["Fn::If"][number], path, place)
            case Mapping():
                return {
                    key: self._plain(inner, f"{path}/{escaped(str(key))}", place)
                    for key, inner, place in self._entries(value, path, origin)
                }
            case list():
                return [
                    self._plain(inner, f"{path}/{number}", f"{origin}/{number}")
                    for number, inner in enumerate(value)
                ]
            case _:
                return value

    def _entries(self, value: Mapping[Any, Any], path: str, origin: str) -> Iterator[tuple[Any, Any, str]]:
        for key, inner in value.items():
            place = f"{origin}/{escaped(str(key))}"
            if not str(key).startswith("Fn::ForEach::"):
                yield key, inner, place
                continue
            for name, entry, inside in loop_entries(self._document, inner):
                there = f"{place}{inside}"
                self._places[f"{path}/{escaped(name)}"] = there
                yield name, entry, there

    def _add_globals(self, resource: Any, path: str) -> None:
        functions = self._document.get("Globals")
        given = functions.get("Function") if isinstance(functions, Mapping) else None
        if not (isinstance(given, Mapping) and isinstance(resource, dict)):
            return
        if resource.get("Type") != "AWS::Serverless::Function":
            return
        own = resource.get("Properties")
        own = own if isinstance(own, Mapping) else {}
        resource["Properties"] = {**given, **own}
        for name in given:
            if name not in own:
                self._places[f"{path}/Properties/{escaped(str(name))}"] = (
                    f"/Globals/Function/{escaped(str(name))}"
                )
