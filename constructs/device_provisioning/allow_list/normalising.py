"""Serial numbers in the one form in which devices present them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from .normalisation import Normalisation
from .row import Row

_SEPARATORS = str.maketrans("", "", ":-./")
_CHANGES: dict[Normalisation, Callable[[str], str]] = {
    Normalisation.UPPER: str.upper,
    Normalisation.LOWER: str.lower,
    Normalisation.NO_SEPARATORS: lambda text: text.translate(_SEPARATORS),
}


def changed(serial_number: str, changes: Sequence[Normalisation]) -> str:
    """A serial number in another form.

    Args:
        serial_number: The serial number.
        changes: What is changed, in this order.

    Example:
        >>> changed("AA:BB", [Normalisation.LOWER, Normalisation.NO_SEPARATORS])
        'aabb'
    """
    for change in changes:
        serial_number = _CHANGES[change](serial_number)
    return serial_number


def normalised(rows: Iterable[Row], changes: Sequence[Normalisation]) -> Iterator[Row]:
    """The rows with their serial numbers changed; one of which nothing is left is rejected.

    Args:
        rows: The rows of a list.
        changes: What is changed, in this order.
    """
    for row in rows:
        if not row.device:
            yield row
            continue
        text = changed(row.device.serial_number, changes)
        if text:
            yield row._replace(device=row.device.model_copy(update={"serial_number": text}))
        else:
            reason = f"serial_number has nothing but separators: {row.device.serial_number!r}"
            yield row._replace(device=None, reasons=(reason,))
