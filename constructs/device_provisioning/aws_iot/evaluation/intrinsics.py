"""The intrinsic functions of provisioning templates.

https://docs.aws.amazon.com/iot/latest/developerguide/intrinsic-functions.html
What AWS does not document is as in the emulator: numbers become text, the list form of ``Fn::Sub`` works, and
``${!Name}`` stands for ``${Name}``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from ..unresolved import is_unresolved
from .problems import CallProblem

_VARIABLE = re.compile(r"\$\{([^}]*)\}")


class InvalidCallError(Exception):
    """A function can't work with what it is given."""

    def __init__(self, problem: CallProblem, given: Any = None) -> None:
        super().__init__(problem)
        self.given = given


class Piece(NamedTuple):
    """A part of a text for ``Fn::Sub``: literal, or the name of a variable."""

    text: str
    is_literal: bool


def join(argument: Any, _: Mapping[str, Any]) -> str:
    """``[delimiter, [values]]`` as one text."""
    if not (isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], list)):
        raise InvalidCallError(CallProblem.JOIN, argument)
    delimiter, values = argument
    return joined(as_text(delimiter), values)


def split(argument: Any, _: Mapping[str, Any]) -> list[str]:
    """``[delimiter, text]`` as a list."""
    if not (isinstance(argument, list) and len(argument) == 2 and all(isinstance(a, str) for a in argument)):
        raise InvalidCallError(CallProblem.SPLIT, argument)
    delimiter, text = map(str, argument)
    if not delimiter:
        raise InvalidCallError(CallProblem.EMPTY_DELIMITER)
    return text.split(delimiter)


def select(argument: Any, _: Mapping[str, Any]) -> Any:
    """``[index, list]`` as one value of the list."""
    if not (isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], list)):
        raise InvalidCallError(CallProblem.SELECT, argument)
    index, values = argument
    try:
        position = int(index)
    except (TypeError, ValueError, OverflowError):
        raise InvalidCallError(CallProblem.WRONG_INDEX, index) from None
    if not 0 <= position < len(values) or values[position] is None:
        raise InvalidCallError(CallProblem.INDEX_OUT_OF_RANGE, argument)
    return values[position]


def find_in_map(argument: Any, mappings: Mapping[str, Any]) -> Any:
    """``[map, top key, second key]`` as the value in the template's mappings."""
    match argument:
        case [str() as name, str() as top_key, str() as second_key]:
            found = _entry(mappings, name, top_key, second_key)
            if found is None:
                raise InvalidCallError(CallProblem.NO_ENTRY, argument)
            return found
    raise InvalidCallError(CallProblem.FIND_IN_MAP, argument)


def _entry(mappings: Any, name: str, top_key: str, second_key: str) -> Any:
    try:
        return mappings[name][top_key][second_key]
    except (KeyError, TypeError):
        return None


def sub_argument(argument: Any) -> tuple[str, Mapping[str, Any]]:
    """The text and the variables of ``Fn::Sub``."""
    if isinstance(argument, str):
        return argument, {}
    if isinstance(argument, list) and len(argument) == 2:
        text, variables = argument
        if isinstance(text, str) and isinstance(variables, dict):
            return text, variables
    raise InvalidCallError(CallProblem.SUB, argument)


def sub_pieces(text: str) -> Iterator[Piece]:
    """A text cut at its ``${Name}``; what an engine fills in is a literal part of it."""
    for position, piece in enumerate(_VARIABLE.split(text)):
        if position % 2 == 0:
            yield Piece(piece, is_literal=True)
        elif piece.startswith("!"):
            yield Piece(f"${{{piece[1:]}}}", is_literal=True)
        elif is_unresolved(f"${{{piece}}}"):
            yield Piece(f"${{{piece}}}", is_literal=True)
        else:
            yield Piece(piece, is_literal=False)


def joined(delimiter: str, values: list[Any]) -> str:
    """Values as one text."""
    try:
        return delimiter.join(values)
    except TypeError:
        return delimiter.join(map(as_text, values))


def as_text(value: Any) -> str:
    """A value as a part of a text."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise InvalidCallError(CallProblem.NO_TEXT, value)


FUNCTIONS: Mapping[str, Callable[[Any, Mapping[str, Any]], Any]] = {
    "Fn::FindInMap": find_in_map,
    "Fn::Join": join,
    "Fn::Select": select,
    "Fn::Split": split,
}
