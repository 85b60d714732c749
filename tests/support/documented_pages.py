"""The pages of the documentation, as markdown-it reads them: their blocks of code, commands, links."""

import re
import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "SECURITY.md",
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs" / "guides").glob("*.md"),
        *(ROOT / "docs" / "decisions").glob("*.md"),
    ]
)
_TITLE = re.compile(r'^(\w+)(?: title="([^"]+)")?$')
_EXIT_STATUS = re.compile(r"  # exit status (\d+)$")


@dataclass(frozen=True)
class Command:
    """A command that is shown, and the exit status that it is said to end with."""

    text: str
    status: int


@dataclass(frozen=True)
class Block:
    """A block of code: its page, where it begins, its language, and the file that it is to be saved as."""

    page: str
    line: int
    info: str
    text: str

    @property
    def language(self):
        """The language, or nothing if it is not said in a way that is known."""
        return (_TITLE.match(self.info) or {1: ""})[1]

    @property
    def title(self):
        """The file, ``output``, or nothing."""
        return (_TITLE.match(self.info) or {2: None})[2]

    @property
    def commands(self):
        """The commands of a block of shell; a line that ends with a backslash goes on."""
        lines = self.text.replace("\\\n", "").splitlines()
        return [_command(line) for line in lines if line.strip()]

    def __str__(self):
        return f"{self.page}:{self.line}"


def _command(line):
    status = _EXIT_STATUS.search(line)
    return Command(line, int(status.group(1)) if status else 0)


@dataclass(frozen=True)
class Page:
    """A page."""

    path: Path

    @property
    def name(self):
        """The path in the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self):
        """All of it."""
        return self.path.read_text("utf-8")

    @property
    def _tokens(self):
        return _parsed(self.text)

    @property
    def blocks(self):
        """Every block of code, also inside lists, and those that are made by indentation."""
        return [
            Block(self.name, token.map[0] + 1, token.info.strip(), token.content)
            for token in self._tokens
            if token.type in ("fence", "code_block")
        ]

    @property
    def _inline(self):
        return [child for token in self._tokens for child in token.children or ()]

    @property
    def links(self):
        """Where links and pictures lead."""
        found = [token.attrs.get("href") or token.attrs.get("src") for token in self._inline]
        return [link for link in found if link]

    @property
    def codes(self):
        """Every piece of code inside a sentence."""
        return [token.content for token in self._inline if token.type == "code_inline"]


@cache
def _parsed(text):
    return MarkdownIt("commonmark").enable("table").parse(text)


def pages():
    """Every page."""
    return [Page(path) for path in PAGES]


def blocks():
    """Every block of every page."""
    return [block for page in pages() for block in page.blocks]


def is_excerpt(text, file):
    """Whether lines stand in a file as they are, but for what all are indented by."""
    wanted, lines = textwrap.dedent(text).splitlines(), file.read_text("utf-8").splitlines()
    return any(
        textwrap.dedent("\n".join(lines[start : start + len(wanted)])).splitlines() == wanted
        for start in range(len(lines) - len(wanted) + 1)
    )
