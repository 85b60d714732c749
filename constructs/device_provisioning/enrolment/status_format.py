"""How a status is written."""

from enum import StrEnum


class StatusFormat(StrEnum):
    """How a status is written."""

    TEXT = "text"
    CSV = "csv"
    JSONL = "jsonl"
