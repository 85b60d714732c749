"""Template bodies as text: reading, writing, and how large they may be."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from .json_pointer import escaped
from .statements import Document
from .unresolved import unresolved_paths

MAX_BODY = 10240
MAX_DEPTH = 64


class BrokenBodyError(ValueError):
    """A text is not well-formed JSON.

    Args:
        problem: Why.
        offset: How many characters are before the fault.
    """

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.offset = offset


def parse_body(text: str) -> Document:
    """Read a body.

    Args:
        text: A JSON object, at most 64 levels deep. The documentation gives no depth: 64 is far beyond what
            a body has a use for.

    Raises:
        ValueError: If the text is anything else.

    Example:
        >>> parse_body('{"Resources": {}}')
        {'Resources': {}}
    """
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise BrokenBodyError(f"the body is not well-formed JSON: {error}", error.pos) from None
    except ValueError as error:
        raise ValueError(f"the body is not well-formed JSON: {error}") from None
    if not isinstance(document, dict):
        raise ValueError(f"the body is a JSON {_kind(document)}: give a JSON object")
    if is_too_deep(document):
        raise ValueError(_TOO_DEEP)
    return document


class _Pairs(list[tuple[str, Any]]):
    """An object with all that stands in it."""


def repeated_keys(text: str) -> list[str]:
    """The JSON pointers of keys that stand more than once in an object; empty for what is not JSON.

    Example:
        >>> repeated_keys('{"a": 1, "b": [{"c": 2, "c": 3}]}')
        ['/b/0/c']
    """
    repeated = False

    def pairs(entries: list[tuple[str, Any]]) -> _Pairs:
        nonlocal repeated
        repeated = repeated or len(dict(entries)) < len(entries)
        return _Pairs(entries)

    try:
        document = json.loads(text, object_pairs_hook=pairs)
        return list(dict.fromkeys(_repeated(document, ""))) if repeated else []
    except (ValueError, RecursionError):
        return []


def _repeated(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for key, inner in value:
            place = f"{path}/{escaped(key)}"
            if key in seen:
                yield place
            seen.add(key)
            yield from _repeated(inner, place)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _repeated(inner, f"{path}/{index}")


def minified(document: Mapping[str, Any]) -> str:
    """A body in as few characters as JSON allows, whatever its size.

    Raises:
        ValueError: If the body holds something that is not valid JSON, or that only an engine knows.
    """
    unknown = list(unresolved_paths(document))
    if unknown:
        raise ValueError(
            f"the body holds values that are known only on deployment, at {', '.join(unknown)}: render it"
            " with the engine's own JSON (Stack.to_json_string on CDK, Output.json_dumps on Pulumi)"
        )
    try:
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"the body holds half a character (a lone surrogate): {error}") from None
    except (RecursionError, ValueError) as error:
        raise ValueError(f"the body cannot be written as JSON: {error}") from None
    return text


def size_problem(text: str) -> str | None:
    """What is wrong with the size of a body, if anything.

    The API takes 10240 characters
    (https://docs.aws.amazon.com/iot/latest/apireference/API_CreateProvisioningTemplate.html), the quota
    speaks of 10 kilobytes (https://docs.aws.amazon.com/general/latest/gr/iot-core.html): both have to be met.
    """
    size = len(text.encode(errors="surrogatepass"))
    if size <= MAX_BODY:
        return None
    return f"the body has {len(text)} characters and {size} bytes, and AWS IoT takes {MAX_BODY} of each"


def is_too_deep(document: Any) -> bool:
    """Whether a document is nested deeper than any body needs, or holds itself."""
    level = [document]
    for _ in range(MAX_DEPTH):
        level = [inner for value in level for inner in _inner(value)]
        if not level:
            return False
    return True


def _inner(value: Any) -> list[Any]:
    children = value.values() if isinstance(value, Mapping) else value
    return [child for child in children if isinstance(child, Mapping | list | tuple)]


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _kind(value: Any) -> str:
    names = {list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


_TOO_DEEP = f"the body is nested deeper than {MAX_DEPTH} levels: give a flatter one"
