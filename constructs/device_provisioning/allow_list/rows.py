"""The rows of a file, whatever its format is."""

from ..console.input_lines import InputLines
from ..console.sources import UnreadableError
from .line_rows import LineRows, csv_rows, exported_rows, json_rows
from .row import Rows

ENDINGS = ".csv, .jsonl or .parquet"


def read_rows(file: str, *, is_export: bool = False) -> Rows:
    """The rows of a ``.csv``, ``.jsonl`` or ``.parquet`` file.

    Args:
        file: The file; ``-`` is CSV or JSON lines on standard input.
        is_export: Whether it holds whole records, as ``devices export`` writes them; no by default.

    Raises:
        UnreadableError: If the file is none of these or can't be read.
    """
    lines = InputLines(file)
    if is_export:
        return LineRows(lines, exported_rows)
    match lines.ending:
        case ".csv":
            return LineRows(lines, csv_rows)
        case ".jsonl":
            return LineRows(lines, json_rows)
        case ".parquet":
            from .parquet_rows import ParquetRows

            return ParquetRows(file)
    raise UnreadableError(f"{file}: give a file that ends with {ENDINGS}")
