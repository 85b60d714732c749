"""What would fix findings, for others to apply."""

from collections.abc import Iterable, Mapping, Sequence

from ..cloudformation.positions import position_at
from ..cloudformation.text_places import Span
from ..console.sources import STANDARD_INPUT, Source, UnreadableError
from .files import Change, FileFinding, LintResult, shown_name
from .fixed_files import Judge, maker_of, readable_sources
from .fixing import place_fixes


def propose_fixes(result: LintResult, given: Sequence[str], judge: Judge, texts: Mapping[str, str]) -> None:
    """Add to a result what would fix its findings: the changes that ``--fix`` makes.

    Args:
        result: What linting found.
        given: Files, folders, ``-``.
        judge: How what is found is judged.
        texts: What files say, as far as it is known; they are read by default.
    """
    fixable: dict[str, list[FileFinding]] = {}
    for entry in result.findings:
        if entry.finding.fix:
            fixable.setdefault(entry.file, []).append(entry)
    for source in readable_sources(given):
        if entries := fixable.pop(shown_name(source.name), []):
            known = result.standard_input if source.name == STANDARD_INPUT else texts.get(source.name)
            result.changes |= _changes(source, entries, judge, known)


def _changes(
    source: Source, entries: Iterable[FileFinding], judge: Judge, text: str | None
) -> dict[FileFinding, tuple[Change, ...]]:
    try:
        given = source.text() if text is None else text
        if maker_of(source, given, judge.body_type):
            return {}
    except UnreadableError:  # it is not what it was any more
        return {}
    placed = place_fixes(given, entries, lambda text: judge.found(source.name, text))
    return {entry: tuple(_change(given, span) for span in spans) for entry, spans in placed.items()}


def _change(text: str, span: Span) -> Change:
    return Change(position_at(text, span.start), position_at(text, span.end), span.text)
