"""The links of a built site: Zensical checks those to pages, and nobody those to other files."""

from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

_ATTRIBUTES = {"a": "href", "img": "src", "link": "href", "script": "src", "source": "src"}


class _Page(HTMLParser):
    """What a page refers to, each with its tag, and what of it can be referred to."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.references: list[tuple[str, str]] = []
        self.anchors = {""}
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors.add(given.get("id") or "")
        if reference := given.get(_ATTRIBUTES.get(tag, "")):
            self.references.append((tag, reference))


def references(file: Path) -> list[tuple[str, str]]:
    """What a page refers to, each with its tag."""
    return _Page(file).references


def dead_links(site: Path) -> Iterator[str]:
    """Every reference of a page to a file or an anchor of the site that is not there.

    Args:
        site: The folder of the site, whose pages end with ``.html``. What it shows in the place of a page
            that is not there may be shown anywhere and is left out.
    """
    read = cache(_Page)
    for file in sorted(site.rglob("*.html")):
        if file != site / "404.html":
            for _, reference in dict.fromkeys(read(file).references):
                if fault := _fault(file, urlsplit(reference), read):
                    yield f"{file.relative_to(site)}: {reference} {fault}"


def _fault(file: Path, url: SplitResult, read: Callable[[Path], _Page]) -> str | None:
    if url.scheme or url.netloc:
        return None
    target = (file.parent / unquote(url.path)).resolve() if url.path else file
    if not target.is_file():
        return "leads to no file"
    is_found = target.suffix != ".html" or unquote(url.fragment) in read(target).anchors
    return None if is_found else "leads to no anchor"
