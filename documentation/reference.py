"""``docs/reference``, made of the docstrings: ``python -m documentation.reference``.

Git hosts show tables of settings; on the site mkdocstrings puts the docstrings in their place.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from os.path import relpath
from pathlib import Path
from typing import Any

import griffe
import typer
from typer.cli import get_docs_for_click
from typer.main import get_command

from device_provisioning.cli import app

from .contents import CORE_PAGES, ENGINES, EXTRAS, TASKS, Page, engine_pages
from .git_host import for_git_hosts

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "reference"
_MADE = (
    "<!-- Made by python -m documentation.reference: edit the docstrings or documentation/contents.py. -->"
)
_START = f"""\
{_MADE}

# Reference

`device_provisioning.cdk` and `device_provisioning.pulumi` have the same names, settings and defaults.

| what for | AWS CDK | Pulumi |
|---|---|---|
"""
_REST = """
Fixed sets and devices that both take are among the [choices](core/choices.md).

## Without an engine

| page | what is on it |
|---|---|
"""
_EXTRAS = """
## Extras

`pip install device-provisioning` has the bodies and the rules, with `lint`, `simulate`, `explain`, `rules`.
An extra adds what one use needs: `pip install 'device-provisioning[aws,cdk]'`.

| extra | what for |
|---|---|
"""
_COMMAND = """
## The command

[`device-provisioning`](command.md): each verb with its options.
"""


@cache
def package() -> griffe.Object | griffe.Alias:
    """The package, read and not imported."""
    extensions = griffe.load_extensions("documentation.docstrings")
    return griffe.load("device_provisioning", search_paths=[ROOT / "constructs"], extensions=extensions)


def found(name: str) -> griffe.Object | griffe.Alias:
    """What a full name stands for."""
    thing: griffe.Object | griffe.Alias = package()[name.partition(".")[2]]
    return thing


def pages() -> list[Page]:
    """Every page; what several pages name belongs to the first of them."""
    exports = {engine: package()[engine].exports or [] for engine in ENGINES}
    return [*CORE_PAGES, *engine_pages(exports)]


def owners(everything: list[Page]) -> dict[str, tuple[Page, str]]:
    """By the place where something is defined: the page that shows it, and the name it is shown by."""
    shown: dict[str, tuple[Page, str]] = {}
    for page in everything:
        for name in page.names:
            shown.setdefault(found(name).canonical_path, (page, name))
    return shown


def reference() -> dict[str, str]:
    """The text of every page by its place in ``docs/reference``."""
    everything = pages()
    shown = owners(everything)
    texts = {page.file: "\n".join(_page(page, shown)) for page in everything}
    return {**texts, "README.md": "".join(_start(everything)), "command.md": _command()}


def _page(page: Page, shown: Mapping[str, tuple[Page, str]]) -> Iterator[str]:
    yield from (_MADE, "", f"# {page.title}", "", page.introduction, "")
    if len(page.names) > 1:
        yield from ("| name | what it is |", "|---|---|")
        for name in page.names:
            owner, anchor = shown[found(name).canonical_path]
            yield f"| {_link(page.file, owner, anchor)} | {_summary(name)} |"
        yield ""
    for name in page.names:
        if shown[found(name).canonical_path] == (page, name):
            yield from (f"::: {name}", *_options(name), "")
            if tables := for_git_hosts(name, found(name)):
                yield tables


def _options(name: str) -> Iterator[str]:
    if found(name).is_module:
        yield from ("    options:", "      members: false", "      show_root_heading: false")


def _link(origin: str, owner: Page, name: str) -> str:
    place = "" if owner.file == origin else relpath(owner.file, Path(origin).parent)
    return f"[`{name.rpartition('.')[2]}`]({place}#{name})"


def _summary(name: str) -> str:
    """The first sentence of a docstring, in Markdown."""
    docstring = found(name).docstring
    first = docstring.value.partition("\n\n")[0] if docstring else ""
    return " ".join(first.split()).replace("``", "`")


def _start(everything: list[Page]) -> Iterator[str]:
    by_file = {page.file: page for page in everything}
    yield _START
    for task in TASKS:
        columns = [_constructs(by_file[f"{engine}/{task.file}.md"]) for engine in ENGINES]
        yield f"| {task.title} | {' | '.join(columns)} |\n"
    yield _REST
    yield from (f"| [{page.title}]({page.file}) | {_names(page)} |\n" for page in CORE_PAGES)
    yield _EXTRAS
    yield from (f"| `{name}` | {purpose} |\n" for name, purpose in EXTRAS.items())
    yield _COMMAND


def _constructs(page: Page) -> str:
    engine = page.file.partition("/")[0]
    own = (name for name in page.names if f".{engine}." in found(name).canonical_path)
    return ", ".join(_link("README.md", page, name) for name in own if not name.endswith("Args"))


def _names(page: Page) -> str:
    return ", ".join(f"`{name.rpartition('.')[2]}`" for name in page.names)


def _command() -> str:
    command = get_command(app)
    _say_all(command)
    text = get_docs_for_click(obj=command, ctx=typer.Context(command), name="device-provisioning")
    return f"{_MADE}\n\n{text.strip()}\n"


def _say_all(command: Any) -> None:
    """Keep what a verb is for from being cut off after 45 characters."""
    for verb in getattr(command, "commands", {}).values():
        verb.short_help = " ".join(verb.help.partition("\n\n")[0].split())
        _say_all(verb)


def main() -> None:
    """Write every page."""
    for name, text in reference().items():
        file = FOLDER / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
