"""The rows of a file, whatever its format is."""

from pathlib import Path

from ..sources import UnreadableError
from .line_rows import LineRows, csv_rows, json_rows
from .row import Rows

ENDINGS = ".csv, .jsonl or .parquet"


def read_rows(file: str) -> Rows:
    """The rows of a ``.csv``, ``.jsonl`` or ``.parquet`` file.

    Raises:
        UnreadableError: If the file is none of these or can't be read.
    """
    match Path(file).suffix.lower():
        case ".csv":
            return LineRows(file, csv_rows)
        case ".jsonl":
            return LineRows(file, json_rows)
        case ".parquet":
            from .parquet_rows import ParquetRows

            return ParquetRows(file)
    raise UnreadableError(f"{file}: give a file that ends with {ENDINGS}")
