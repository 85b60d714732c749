"""A text in which what is found is fixed, and nothing else is changed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..aws_iot import Finding, Severity
from ..cloudformation.edits import Editor, Placed, apart, applied, unfolded
from ..cloudformation.text_places import Span, UnplacedError
from ..console.sources import UnreadableError
from ..plans.parsing import parse
from .files import FileFinding

_MOST_PASSES = 20
_CHANGES_MORE = "the file would not stay as it is otherwise"

Found = Callable[[str], Sequence[FileFinding]]
_Key = tuple[str, str, str]


@dataclass
class FixedText:
    """A text and what was fixed in it.

    Args:
        text: The text.
        fixed: What was found and is not there any more.
        left: What could have been fixed elsewhere, and why it was not here.
    """

    text: str
    fixed: list[FileFinding] = field(default_factory=list)
    left: dict[_Key, tuple[FileFinding, str]] = field(default_factory=dict)


def is_fixable(finding: Finding, *, unsafe: bool) -> bool:
    """Whether a finding can be fixed.

    Args:
        finding: The finding.
        unsafe: Whether what is meant may change.
    """
    return finding.fix is not None and (unsafe or finding.fix.is_safe)


def fix_text(text: str, found: Found, *, unsafe: bool) -> FixedText:
    """Fix what is found in a text.

    Args:
        text: The text of a file.
        found: What is found in a text.
        unsafe: Whether what is meant may change.

    Raises:
        UnreadableError: If the text has none of the forms that are known.
    """
    fixed = FixedText(text)
    for _ in range(_MOST_PASSES):
        fixable = [
            entry
            for entry in found(fixed.text)
            if is_fixable(entry.finding, unsafe=unsafe) and _key(entry) not in fixed.left
        ]
        if not fixable:
            break
        _fix_once(fixed, fixable, found)
    return fixed


def place_fixes(
    text: str, entries: Iterable[FileFinding], found: Found
) -> dict[FileFinding, tuple[Span, ...]]:
    """What changes in a text to fix one finding, by the finding; without those that can't be fixed in it.

    Args:
        text: The text of a file.
        entries: What was found in it.
        found: What is found in a text.
    """
    editor = Editor(text)
    placed = {entry: each for entry in entries if (each := _placed(editor, entry))}
    together = apart(placed.values())
    if _changed(editor, together, found) is None:
        together = []
    return {
        entry: each.spans
        for entry, each in placed.items()
        if each in together or _changed(editor, [each], found) is not None
    }


def _placed(editor: Editor, entry: FileFinding) -> Placed | None:
    try:
        return editor.place(entry.finding.fix.edits) if entry.finding.fix else None
    except UnplacedError:
        return None


def _fix_once(fixed: FixedText, fixable: Sequence[FileFinding], found: Found) -> None:
    editor, placed = Editor(fixed.text), {}
    for entry in fixable:
        try:
            placed[_key(entry)] = editor.place(entry.finding.fix.edits if entry.finding.fix else ())
        except UnplacedError as error:
            fixed.left[_key(entry)] = (entry, str(error))
    chosen = apart(placed.values())
    text = _changed(editor, chosen, found)
    if text is None and len(chosen) == 1:
        (entry,) = [entry for entry in fixable if placed.get(_key(entry)) is chosen[0]]
        fixed.left[_key(entry)] = (entry, _CHANGES_MORE)
    elif text is None:
        for entry in fixable:
            if _key(entry) in placed:
                _fix_once(fixed, [entry], found)
    elif text != fixed.text:
        after = {_key(entry) for entry in found(text)}
        fixed.fixed += [entry for entry in fixable if _key(entry) not in after]
        fixed.left |= {
            _key(entry): (entry, _CHANGES_MORE)
            for entry in fixable
            if _key(entry) in after and placed.get(_key(entry)) in chosen
        }
        fixed.text = text


def _changed(editor: Editor, chosen: Sequence[Placed], found: Found) -> str | None:
    """The text with these changes; ``None`` if something else changed with them."""
    text = editor.changed(chosen)
    try:
        before, after = parse(editor.text), parse(text)
        wanted = applied(before.value, [edit for placed in chosen for edit in placed.edits])
        same = _same(wanted, unfolded(after.value)) and list(before.repeated_keys) == list(
            after.repeated_keys
        )
        return text if same and not _new_errors(found(editor.text), found(text)) else None
    except (UnplacedError, UnreadableError):
        return None


def _new_errors(before: Sequence[FileFinding], after: Sequence[FileFinding]) -> bool:
    known = {_key(entry) for entry in before}
    return any(
        entry.finding.severity is Severity.ERROR and entry.finding.fix is None and _key(entry) not in known
        for entry in after
    )


def _same(one: Any, other: Any) -> bool:
    """Whether two documents are equal; true is not 1, as it is for Python."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(inner, other[key]) for key, inner in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)


def _key(entry: FileFinding) -> _Key:
    finding = entry.finding
    return finding.code, finding.path, finding.message
