"""The serial numbers of devices on a line, given one by one or as a list."""

from collections.abc import Iterator, Sequence

from pydantic_core import PydanticCustomError

from ..allow_list.normalisation import Normalisation
from ..allow_list.normalising import changed, normalised
from ..allow_list.rows import read_rows
from ..aws_iot.serial_number import serial_number as checked
from ..console.new_files import MOST_PROBLEMS
from ..console.sources import UnreadableError


def serial_numbers_of(
    given: Sequence[str], file: str | None, changes: Sequence[Normalisation] = ()
) -> list[str]:
    """All serial numbers, each once.

    Args:
        given: Those of the command line.
        file: A list in a format of ``devices import``; none by default.
        changes: What is changed of each, in this order; nothing by default.

    Raises:
        UnreadableError: With everything that is wrong with them, or if there is none.
    """
    problems: list[str] = []
    found = list(
        dict.fromkeys([*_of_arguments(given, changes, problems), *_of_file(file, changes, problems)])
    )
    if problems:
        more = len(problems) - MOST_PROBLEMS
        rest = [f"{more} more serial numbers are not valid"] if more > 0 else []
        raise UnreadableError("\n".join([*problems[:MOST_PROBLEMS], *rest]))
    if not found:
        raise UnreadableError("there is no serial number: give them as arguments, or a list by --file")
    return found


def required_serial_number(text: str) -> str:
    """The text, if it can be a serial number.

    Raises:
        UnreadableError: If it can't.
    """
    try:
        return checked(text)
    except PydanticCustomError as error:
        raise UnreadableError(f"the serial number {text!r} {error.message()}") from None


def _of_arguments(
    given: Sequence[str], changes: Sequence[Normalisation], problems: list[str]
) -> Iterator[str]:
    for text in given:
        try:
            yield required_serial_number(changed(text, changes))
        except UnreadableError as error:
            problems.append(str(error))


def _of_file(file: str | None, changes: Sequence[Normalisation], problems: list[str]) -> Iterator[str]:
    if file is None:
        return
    for row in normalised(read_rows(file), changes):
        if row.device:
            yield row.device.serial_number
        else:
            problems.append(f"{file}:{row.line}: {'; '.join(row.reasons)}")
