"""Changes of a document as changes of its text, so that everything else in the text stays as it is."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..aws_iot.fix import Edit, Insertion, Renaming, Replacement, Rewording
from ..aws_iot.json_pointer import keys_of
from .positions import AROUND
from .text_places import JsonText, Span, UnplacedError, YamlText, wrapped

_INNER = "\0"
_AROUND = (_INNER, *AROUND)


class Placed(NamedTuple):
    """What is to be changed, and where in the text."""

    edits: tuple[Edit, ...]
    spans: tuple[Span, ...]


def is_json(text: str) -> bool:
    """Whether a text is JSON rather than YAML."""
    return text.lstrip()[:1] in ("{", "[", '"')


class Editor:
    """Places changes in a text.

    Args:
        text: JSON or YAML.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._tree = JsonText(text) if is_json(text) else YamlText(text)

    def place(self, edits: tuple[Edit, ...]) -> Placed:
        """Find the places of changes that belong together.

        Args:
            edits: The changes.

        Raises:
            UnplacedError: If the text has no such place, or can't be changed there.
        """
        spans = [self._tree.span(keys_of(edit.path), edit) for edit in edits]
        return Placed(edits, tuple(spans))

    def changed(self, placed: Iterable[Placed]) -> str:
        """The text with changes.

        Args:
            placed: Changes of this text that do not meet.
        """
        text = self.text
        spans = [span for each in placed for span in each.spans]
        for span in sorted(spans, reverse=True):
            text = text[: span.start] + span.text + text[span.end :]
        return text


def apart(placed: Iterable[Placed]) -> list[Placed]:
    """Changes without those that meet one before them.

    Args:
        placed: The changes.
    """
    kept: list[Placed] = []
    taken: list[Span] = []
    for each in placed:
        if not any(span.meets(other) for span in each.spans for other in taken):
            kept.append(each)
            taken += each.spans
    return kept


def applied(document: Any, edits: Iterable[Edit]) -> Any:
    """What a document is after changes; texts that are JSON count as what they say.

    Args:
        document: The document.
        edits: The changes.

    Raises:
        UnplacedError: If the document has no such place.
    """
    edits = list(edits)
    rewordings = [edit for edit in edits if isinstance(edit, Rewording)]
    for rewording in sorted(rewordings, key=lambda edit: -edit.start):
        document = _changed(document, keys_of(rewording.path), rewording)
    document = unfolded(document)
    # A key is renamed when everything else is done.
    for edit in sorted(edits, key=lambda edit: isinstance(edit, Renaming)):
        if not isinstance(edit, Rewording):
            document = _changed(document, keys_of(edit.path), edit)
    return document


def unfolded(value: Any) -> Any:
    """A document in which texts that are JSON are what they say."""
    if isinstance(value, Mapping):
        return {key: unfolded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [unfolded(inner) for inner in value]
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return {_INNER: unfolded(json.loads(value))}
        except (ValueError, RecursionError):
            return value
    return value


def _changed(value: Any, keys: list[str], edit: Edit) -> Any:
    if isinstance(value, Mapping):
        return _changed_object(value, keys, edit)
    if isinstance(value, list) and value:
        number = int(keys[0]) if keys and keys[0].isdecimal() else 0
        inner = _changed_element(value[number], keys[1:] if keys and keys[0].isdecimal() else keys, edit)
        return [*value[:number], inner, *value[number + 1 :]]
    if isinstance(value, str) and isinstance(edit, Rewording) and not keys:
        return value[: edit.start] + edit.text + value[edit.end :]
    raise UnplacedError("there is no such place")


def _changed_element(value: Any, keys: list[str], edit: Edit) -> Any:
    if isinstance(edit, Replacement) and not keys:
        return unfolded(json.loads(edit.value))
    return _changed(value, keys, edit)


def _changed_object(value: Mapping[str, Any], keys: list[str], edit: Edit) -> Any:
    if keys and keys[0] not in value and len(value) == 1 and (around := next(iter(value))) in _AROUND:
        return {around: _changed(value[around], keys, edit)}
    if keys and keys[0] in value:
        return _changed_entry(value, keys, edit)
    if not keys or not isinstance(edit, Insertion):
        raise UnplacedError("there is no such place")
    return {**value, keys[0]: unfolded(json.loads(wrapped(keys[1:], edit.value)))}


def _changed_entry(value: Mapping[str, Any], keys: list[str], edit: Edit) -> Any:
    key, *rest = keys
    if isinstance(edit, Renaming) and not rest:
        return {edit.key if name == key else name: inner for name, inner in value.items()}
    return {**value, key: _changed_element(value[key], rest, edit)}
