"""What is given on the command line, as text: files, folders of cloud assemblies, standard input."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

STANDARD_INPUT = "-"
MAX_SIZE = 10_000_000
"""Ten times the largest CloudFormation template."""
MAX_PLAN_SIZE = 200_000_000
_PLANS = ('"planned_values"', '"terraform_version"', '"deployment"', '"steps"')
_BEGINNING = 1_000_000


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
            data = sys.stdin.buffer.read() if self.name == STANDARD_INPUT else _content(Path(self.name))
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UnreadableError("is not UTF-8 text") from None
        except UnreadableError:
            raise
        except OSError as error:
            raise UnreadableError(f"cannot be read: {error.strerror or error}") from None
        except ValueError as error:
            raise UnreadableError(f"cannot be read: {error}") from None


@dataclass(frozen=True)
class ReadSource(Source):
    """Something that was read already.

    Args:
        content: What it says.
    """

    content: str = ""

    def text(self) -> str:
        """The text behind it."""
        return self.content


def is_plan(text: str) -> bool:
    """Whether a text says that it is a plan or a state, which may be larger than any template."""
    return any(mark in text for mark in _PLANS)


def require_size(size: int, *, of_plan: bool) -> None:
    """Refuse what is larger than it may be.

    Args:
        size: How many characters there are, or bytes.
        of_plan: Whether it is a plan or a state.

    Raises:
        UnreadableError: If it is too large.
    """
    limit = MAX_PLAN_SIZE if of_plan else MAX_SIZE
    if size > limit:
        raise UnreadableError(
            f"has {size:,} characters, and no template has more than {limit:,}: give the template alone"
        )


def _content(path: Path) -> bytes:
    """What is in a file; one that is too large is not read."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size <= MAX_SIZE:
            return file.read()
        beginning = file.read(_BEGINNING)
        # A character has four bytes at most.
        fewest = size if beginning.isascii() else size // 4
        require_size(fewest, of_plan=is_plan(beginning.decode("utf-8", "replace")))
        return beginning + file.read()


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
        raise UnreadableError("the folder contains no *.template.json: give a cdk.out folder, or files")
    return [Source(str(template), of_folder=True) for template in templates]


def _is_folder(given: str) -> bool:
    try:
        return Path(given).is_dir()
    except (OSError, ValueError):
        return False


def require_one_standard_input(*given: str | None) -> None:
    """Make sure that standard input is to be read for one thing only.

    Raises:
        UnreadableError: If it is given for several.
    """
    if given.count(STANDARD_INPUT) > 1:
        raise UnreadableError("- is given several times: standard input can be read once, give files as well")


def is_same_file(one: str, other: str) -> bool:
    """Whether two names are of the same file, which is there."""
    try:
        return Path(one).samefile(other)
    except (OSError, ValueError):
        return False
