"""Files in which what is found is fixed: written, or shown as differences."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from ..console.output_files import OutputFile
from ..console.sources import STANDARD_INPUT, Source, UnreadableError, find_sources
from ..plans.reading import read_plan
from .baseline import leave_out_known
from .body_type import BodyType
from .configuration import Project
from .files import FileFinding, LintResult, lint_text, shown_name
from .fixing import FixedText, fix_text, is_fixable
from .project import judged

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Judge:
    """How what is found in a file is judged.

    Args:
        body_type: The type of a standalone body file.
        silenced: Rules left out, with the reasons, besides those of the project.
        project: The project.
        baseline: The file of findings that are known; none by default.
    """

    body_type: BodyType
    silenced: Mapping[str, str]
    project: Project
    baseline: str | None = None

    def found(self, name: str, text: str) -> list[FileFinding]:
        """What is found in a file.

        Args:
            name: The file.
            text: What it says.

        Raises:
            UnreadableError: If the text has none of the forms that are known.
        """
        found = lint_text(text, self.body_type, self.silenced) or []
        entries = [FileFinding(shown_name(name), position, finding) for position, finding in found]
        result = LintResult(list(judged(entries, self.project)))
        if self.baseline:
            leave_out_known(result, self.baseline)
        return result.findings


@dataclass
class FixedFiles:
    """What files say once they are fixed.

    Args:
        before: What each said.
        texts: What each says then.
        fixed: What was found and is not there any more.
        unfixed: Files and places in which nothing was fixed, and why.
    """

    before: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    fixed: list[FileFinding] = field(default_factory=list)
    unfixed: list[tuple[str, str]] = field(default_factory=list)


def fix_files(given: Sequence[str], judge: Judge, *, unsafe: bool) -> FixedFiles:
    """Fix what is found in files; nothing is written yet.

    Args:
        given: Files, folders, ``-``.
        judge: How what is found is judged.
        unsafe: Whether what is meant may change.

    Raises:
        UnreadableError: If standard input can't be read.
    """
    files = FixedFiles()
    for source in readable_sources(given):
        try:
            text = files.before[source.name] = files.texts[source.name] = source.text()
            _fix(source, text, judge, files, unsafe=unsafe)
        except UnreadableError as error:
            if source.name == STANDARD_INPUT and STANDARD_INPUT not in files.texts:
                raise UnreadableError(f"<stdin>: {error}") from None
    return files


def readable_sources(given: Sequence[str]) -> Iterator[Source]:
    """What is given, without what is not there.

    Args:
        given: Files, folders, ``-``.
    """
    for name in given:
        try:
            yield from find_sources(name)
        except UnreadableError:
            continue  # linting it says so


def _fix(source: Source, text: str, judge: Judge, files: FixedFiles, *, unsafe: bool) -> None:
    first = judge.found(source.name, text)
    if not any(is_fixable(entry.finding, unsafe=unsafe) for entry in first):
        return
    name = shown_name(source.name)
    if maker := maker_of(source, text, judge.body_type):
        files.unfixed.append(
            (name, f"was written by {maker}, so nothing is fixed: change what it is made of")
        )
        return
    result: FixedText = fix_text(text, lambda text: judge.found(source.name, text), unsafe=unsafe)
    files.texts[source.name] = result.text
    files.fixed += result.fixed
    for entry, reason in result.left.values():
        place = f"{name}:{entry.line}:{entry.position.column}"
        files.unfixed.append((place, f"{entry.finding.code} was not fixed: {reason}"))


def maker_of(source: Source, text: str, body_type: BodyType) -> str:
    """What wrote a file, which nobody edits; empty for what people write.

    Args:
        source: The file.
        text: What it says.
        body_type: The type of a standalone body file.

    Raises:
        UnreadableError: If the text has none of the forms that are known.
    """
    if source.of_folder:
        return "the CDK"
    return "" if body_type is BodyType.IOTDA else read_plan(text).made_by


def write_fixed(files: FixedFiles) -> None:
    """Write the files that were fixed; standard input goes to standard output, changed or not.

    Args:
        files: The files.

    Raises:
        UnreadableError: If one can't be written.
    """
    for name, text in files.texts.items():
        if name == STANDARD_INPUT:
            sys.stdout.buffer.write(text.encode())
            sys.stdout.flush()
        elif text != files.before[name]:
            with Path(name).open("rb") as given:
                mark = _MARK if given.read(len(_MARK)) == _MARK else b""
            with OutputFile(name) as file:
                file.write(mark + text.encode())


def write_differences(files: FixedFiles) -> bool:
    """Write what would be changed to standard output; whether there is anything.

    Args:
        files: The files.
    """
    lines: list[str] = []
    for name, text in files.texts.items():
        before, after = (given.splitlines(keepends=True) for given in (files.before[name], text))
        lines += unified_diff(before, after, shown_name(name), shown_name(name))
    for line in lines:
        sys.stdout.write(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return bool(lines)
