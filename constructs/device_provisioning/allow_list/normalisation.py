"""The changes that bring serial numbers into one form, by name."""

from enum import StrEnum


class Normalisation(StrEnum):
    """A change that every serial number of a list gets."""

    UPPER = "upper"
    LOWER = "lower"
    NO_SEPARATORS = "no-separators"
    """Without the ``:``, ``-``, ``.`` and ``/`` of MAC addresses, UUIDs and IMEIs."""
