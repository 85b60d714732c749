"""What is to be changed in a document so that a rule holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Replacement:
    """A value is replaced.

    Args:
        path: Its place as a JSON pointer.
        value: The new value as JSON.
    """

    path: str
    value: str


@dataclass(frozen=True)
class Insertion:
    """An entry is added to an object, and the objects that it is in where they do not exist.

    Args:
        path: Its place as a JSON pointer.
        value: The value as JSON.
    """

    path: str
    value: str


@dataclass(frozen=True)
class Renaming:
    """The key of an entry is changed.

    Args:
        path: The place of the entry as a JSON pointer.
        key: The new key.
    """

    path: str
    key: str


@dataclass(frozen=True)
class Rewording:
    """A part of a text is replaced.

    Args:
        path: The place of the text as a JSON pointer.
        start: How many characters of the text are before the part.
        end: How many are before its end.
        text: The new part.
    """

    path: str
    start: int
    end: int
    text: str


Edit = Replacement | Insertion | Renaming | Rewording


@dataclass(frozen=True)
class Fix:
    """What makes a rule hold.

    Args:
        edits: The changes, all of them or none.
        is_safe: Whether it is the one right answer; otherwise it may change what is meant.
    """

    edits: tuple[Edit, ...]
    is_safe: bool = True

    def moved(self, move: Callable[[str], str]) -> "Fix":
        """The same in a document in which the places are others.

        Args:
            move: The other place of a place.
        """
        return replace(self, edits=tuple(replace(edit, path=move(edit.path)) for edit in self.edits))
