"""Statements of policy documents, read as they come."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..unresolved import is_unresolved

IOT_SERVICES = ("iot.amazonaws.com", "iot.amazonaws.com.cn")
_VARIABLE = re.compile(r"\$\{Token\[.*?\]\}|[$#]\{[^}]*\}")


def as_list(value: Any) -> list[Any]:
    """A value that may stand alone or in a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def allowed(document: Any) -> Iterator[Mapping[str, Any]]:
    """The statements of a document that allow something."""
    return _with_effect(document, "Allow")


def denied(document: Any) -> Iterator[Mapping[str, Any]]:
    """The statements of a document that deny something."""
    return _with_effect(document, "Deny")


def _with_effect(document: Any, effect: str) -> Iterator[Mapping[str, Any]]:
    entries = as_list(document.get("Statement")) if isinstance(document, Mapping) else []
    for entry in entries:
        if isinstance(entry, Mapping) and entry.get("Effect") == effect:
            yield entry


def is_readable(documents: Iterable[Any]) -> bool:
    """Whether all that the documents allow is there and said directly."""
    return all(
        isinstance(document, Mapping)
        and all(_is_direct(entry) for entry in as_list(document.get("Statement")))
        for document in documents
    )


def _is_direct(entry: Any) -> bool:
    known = isinstance(entry, Mapping) and not {"NotAction", "NotResource", "NotPrincipal"} & entry.keys()
    return known and not any(is_unresolved(action) for action in as_list(entry.get("Action")))


def allows(statement: Mapping[str, Any], action: str) -> bool:
    """Whether a statement is about an action."""
    patterns = [str(pattern).lower() for pattern in as_list(statement.get("Action"))]
    return any(can_match(pattern, action.lower()) for pattern in patterns)


def resources(statement: Mapping[str, Any]) -> list[str]:
    """What a statement is about: each ARN without its account and Region, ``*`` for all there is."""
    return [resource_part(value) for value in as_list(statement.get("Resource"))]


def excludes(statement: Mapping[str, Any], action: str, resource: str) -> bool:
    """Whether a statement that denies certainly takes an action on a resource away.

    Example:
        >>> statement = {"Action": "iot:*", "NotResource": "arn:aws:iot:eu-west-1:111122223333:topic/a/*"}
        >>> excludes(statement, "iot:Publish", "topic/b"), excludes(statement, "iot:Publish", "topic/a/b")
        (True, False)
    """
    if statement.get("Condition"):
        return False
    if "NotAction" in statement:
        others = {"Action": statement["NotAction"]}
        concerned = not any(is_unresolved(action) for action in as_list(others["Action"]))
        concerned = concerned and not allows(others, action)
    else:
        concerned = allows(statement, action)
    if "NotResource" in statement:
        spared = [resource_part(value) for value in as_list(statement["NotResource"])]
        return concerned and not any(can_match(pattern, resource) for pattern in spared)
    named = [_without_place(value) for value in as_list(statement.get("Resource"))]
    return concerned and any(_covers(pattern, resource) for pattern in named)


def _without_place(arn: Any) -> str:
    # What is not known covers nothing for certain.
    return str(arn).split(":", 5)[-1]


def _covers(pattern: str, text: str) -> bool:
    expression = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def everything(statement: Mapping[str, Any], *kinds: str) -> list[str]:
    """The resources of a statement that stand for all there is, or for all of a kind such as ``topic``."""
    wide = ("*", *(f"{kind}/*" for kind in kinds))
    return [
        str(value) for value in as_list(statement.get("Resource")) if str(value).split(":", 5)[-1] in wide
    ]


def resource_part(arn: Any) -> str:
    """An ARN without its account and Region, with ``*`` for what is not known.

    Example:
        >>> resource_part("arn:aws:iot:${Region}:111122223333:thing/pump-${Number}")
        'thing/pump-*'
    """
    return _VARIABLE.sub("*", str(arn)).split(":", 5)[-1] if isinstance(arn, str) else "*"


def can_match(one: str, other: str) -> bool:
    """Whether some text fits both patterns; ``*``, ``?`` and values that are not known yet fit anything.

    Example:
        >>> can_match("thing/pump-*", "thing/*-7"), can_match("topic/a/*", "topicfilter/a/b")
        (True, False)
    """
    one, other = _VARIABLE.sub("*", one), _VARIABLE.sub("*", other)
    states, seen = [(0, 0)], set()
    while states:
        state = states.pop()
        if state in seen:
            continue
        seen.add(state)
        i, j = state
        if i == len(one) and j == len(other):
            return True
        states += _next_states(one[i : i + 1], other[j : j + 1], i, j)
    return False


def _next_states(a: str, b: str, i: int, j: int) -> list[tuple[int, int]]:
    states = []
    if a == "*":
        states += [(i + 1, j), *([(i, j + 1)] if b else [])]
    if b == "*":
        states += [(i, j + 1), *([(i + 1, j)] if a else [])]
    if a and b and (a == b or "?" in (a, b)):
        states.append((i + 1, j + 1))
    return states
