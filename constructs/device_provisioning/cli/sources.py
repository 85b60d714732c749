"""What is given on the command line, as text: files, folders of cloud assemblies, standard input."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

STANDARD_INPUT = "-"


class UnreadableError(ValueError):
    """Something that was given could not be read."""


@dataclass(frozen=True)
class Source:
    """Something to read.

    Args:
        name: The file, or ``-`` for standard input.
        of_folder: Whether it was found in a folder rather than given by name.
    """

    name: str
    of_folder: bool = False

    def text(self) -> str:
        """The text behind it.

        Raises:
            UnreadableError: If there is none, or it is not UTF-8.
        """
        try:
            is_file = self.name != STANDARD_INPUT
            data = Path(self.name).read_bytes() if is_file else sys.stdin.buffer.read()
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UnreadableError("is not UTF-8 text") from None
        except OSError as error:
            raise UnreadableError(f"cannot be read: {error.strerror or error}") from None
        except ValueError as error:
            raise UnreadableError(f"cannot be read: {error}") from None


def find_sources(given: str) -> Sequence[Source]:
    """What one argument stands for.

    Args:
        given: A file, a folder that the CDK synthesised into, or ``-``.

    Raises:
        UnreadableError: If a folder holds no template.
    """
    if given == STANDARD_INPUT or not _is_folder(given):
        return [Source(given)]
    templates = sorted(Path(given).rglob("*.template.json"))
    if not templates:
        raise UnreadableError("the folder holds no *.template.json: give a cdk.out folder, or files")
    return [Source(str(template), of_folder=True) for template in templates]


def _is_folder(given: str) -> bool:
    try:
        return Path(given).is_dir()
    except ValueError:
        return False


def is_same_file(one: str, other: str) -> bool:
    """Whether two names are of the same file, which is there."""
    try:
        return Path(one).samefile(other)
    except (OSError, ValueError):
        return False
