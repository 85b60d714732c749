"""Things that exist before devices register."""

import json
from typing import Any

from ..aws_iot.evaluation import ExistingThing, Result
from ..console.input_lines import InputLines

_TEXTS = ("thingName", "thingTypeName", "billingGroupName")


def read_existing_things(file: str) -> dict[str, ExistingThing]:
    """The things of a file by name.

    Args:
        file: One object per line in the words of ``DescribeThing``: ``thingName``, and if wanted
            ``thingTypeName``, ``attributes``, ``thingGroups``, ``billingGroupName``. Others don't matter, so
            what ``simulate`` wrote can be read; devices that failed there have no thing.

    Raises:
        UnreadableError: If a line is anything else.
    """
    lines = InputLines(file)
    things: dict[str, ExistingThing] = {}
    for text in lines:
        if text.strip():
            record = _record(text, lines)
            if record.get("result") != Result.FAILED and not _is_thingless(record):
                things[record["thingName"]] = _thing(record, lines)
    return things


def _record(text: str, lines: InputLines) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        raise lines.problem("is not valid JSON") from None
    if not isinstance(record, dict):
        raise lines.problem('is not a thing: give one object per line, such as {"thingName": "A-1"}')
    return record


def _is_thingless(record: dict[str, Any]) -> bool:
    # Outcomes of a template that describes no thing.
    return "result" in record and record.get("thingName") is None


def _thing(record: dict[str, Any], lines: InputLines) -> ExistingThing:
    attributes, groups = record.get("attributes") or {}, record.get("thingGroups") or []
    if not isinstance(record.get("thingName"), str):
        raise lines.problem("has no thingName")
    for name in _TEXTS:
        if not isinstance(record.get(name), str | None):
            raise lines.problem(f"has a {name} that is not a string")
    if not isinstance(attributes, dict) or not _are_texts(list(attributes.values())):
        raise lines.problem("has attributes that are not an object of strings")
    if not isinstance(groups, list) or not _are_texts(groups):
        raise lines.problem("has thingGroups that are not a list of strings")
    return ExistingThing(record.get("thingTypeName"), attributes, groups, record.get("billingGroupName"))


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)
