"""The devices that are meant: named, of a batch, or of a file."""

from collections.abc import Sequence

from ..allow_list.rows import read_rows
from ..allow_list.table import AllowListTable
from ..console.new_files import MOST_PROBLEMS
from ..console.sources import UnreadableError


def selected(
    table: AllowListTable, serial_numbers: Sequence[str], batch: str | None, file: str | None
) -> Sequence[str]:
    """The serial numbers of the devices that are meant, each once.

    Args:
        table: The allow list.
        serial_numbers: Those that are named.
        batch: The batch whose devices are meant; none by default.
        file: A list as for ``devices import``; none by default.

    Raises:
        UnreadableError: If not exactly one of the three is given, a row is not valid, or nothing is found.
    """
    if [bool(serial_numbers), batch is not None, file is not None].count(True) != 1:
        raise UnreadableError("give serial numbers, --batch or --file: one of them")
    found: Sequence[str]
    if batch is not None:
        found = table.serial_numbers_of_batch(batch)
        missing = f"--batch {batch}: no record of {table.name} is of it"
    else:
        found = serial_numbers if file is None else _of_file(file)
        missing = f"{file}: contains no devices"
    if not found:
        raise UnreadableError(missing)
    return list(dict.fromkeys(found))


def _of_file(file: str) -> Sequence[str]:
    rows = list(read_rows(file))
    problems = [f"{file}:{row.line}: {reason}" for row in rows for reason in row.reasons]
    if problems:
        more = len(problems) - MOST_PROBLEMS
        rest = [f"{file}: {more} more problems"] if more > 0 else []
        raise UnreadableError("\n".join([*problems[:MOST_PROBLEMS], *rest]))
    return [row.device.serial_number for row in rows if row.device]
