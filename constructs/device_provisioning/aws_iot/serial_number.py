"""What is wrong with a text that should be a serial number, in words."""

import re
from collections.abc import Iterator

from pydantic_core import PydanticCustomError

LONGEST_SERIAL_NUMBER = 128
_VISIBLE = re.compile(f"[!-~]{{1,{LONGEST_SERIAL_NUMBER}}}")


def serial_number(text: str) -> str:
    """The text, if it can be the serial number of a device.

    Raises:
        PydanticCustomError: With everything that is wrong with it.

    Example:
        >>> serial_number(" A-1")
        Traceback (most recent call last):
        pydantic_core._pydantic_core.PydanticCustomError: has a leading space
    """
    if _VISIBLE.fullmatch(text):
        return text
    raise PydanticCustomError("serial_number", "{problems}", {"problems": ", ".join(_problems(text))})


def _problems(text: str) -> Iterator[str]:
    if not text:
        yield "is empty"
    if len(text) > LONGEST_SERIAL_NUMBER:
        yield f"has {len(text)} characters, and {LONGEST_SERIAL_NUMBER} are the most"
    if text[:1] == " ":
        yield "has a leading space"
    if text[1:][-1:] == " ":
        yield "has a trailing space"
    if " " in text.strip(" "):
        yield "has a space"
    others = dict.fromkeys(character for character in text if not " " <= character <= "~")
    for character in others:
        kind = "a control character" if character.isascii() else "a character that is not ASCII"
        yield f"has {kind}: {character!r}"
