"""The language server, asked by a client over standard input and output as an editor asks it."""

import asyncio
import json
import sys

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app
from tests.support.template_files import FOLDER

pytest.importorskip(
    "pygls", reason="pygls is not installed: pip install 'device-provisioning[language-server]'"
)
from lsprotocol import types
from pygls.lsp.client import LanguageClient

BODY = (FOLDER / "fleet" / "DP006-breaks-number.json").read_text("utf-8")
LONGEST = 60
"""Seconds; an answer takes much less."""


class Editor(LanguageClient):
    """A client that keeps what is published about the one file that it has open."""

    def __init__(self, file):
        super().__init__("editor", "1")
        self.uri = file.as_uri()
        self.published = asyncio.Queue()
        self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda given: self.published.put_nowait(given))

    async def diagnostics(self):
        return list((await asyncio.wait_for(self.published.get(), LONGEST)).diagnostics)

    async def open(self, text):
        item = types.TextDocumentItem(self.uri, "json", 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.diagnostics()

    async def change(self, text):
        document = types.VersionedTextDocumentIdentifier(2, self.uri)
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))
        return await self.diagnostics()

    async def hover(self, position):
        document = types.TextDocumentIdentifier(self.uri)
        return await self.text_document_hover_async(types.HoverParams(document, position))

    async def actions(self, span):
        document = types.TextDocumentIdentifier(self.uri)
        parameters = types.CodeActionParams(document, span, types.CodeActionContext([]))
        return await self.text_document_code_action_async(parameters)


def edited(file, ask, *options):
    """What an editor is answered that has a file open."""

    async def session():
        editor = Editor(file)
        command = ["-m", "device_provisioning.cli", "language-server", *options]
        await editor.start_io(sys.executable, *command, cwd=str(file.parent))
        await asyncio.wait_for(
            editor.initialize_async(types.InitializeParams(types.ClientCapabilities())), LONGEST
        )
        editor.initialized(types.InitializedParams())
        try:
            return await asyncio.wait_for(ask(editor), LONGEST)
        finally:
            await editor.shutdown_async(None)
            editor.exit(None)
            await editor.stop()

    return asyncio.run(session())


def applied(text, change):
    """A text after an edit of the protocol, which counts UTF-16."""
    lines = text.splitlines(keepends=True)

    def offset(position):
        line = lines[position.line].encode("utf-16-le")[: position.character * 2]
        return len("".join(lines[: position.line])) + len(line.decode("utf-16-le"))

    return text[: offset(change.range.start)] + change.new_text + text[offset(change.range.end) :]


def test_what_lint_finds_is_published_where_it_is(tmp_path):
    (diagnostic,) = edited(tmp_path / "body.json", lambda editor: editor.open(BODY))
    result = CliRunner().invoke(app, ["lint", "--format", "json", "-"], input=BODY)
    (found,) = json.loads(result.stdout)["findings"]
    start = diagnostic.range.start
    assert (diagnostic.code, diagnostic.source) == (found["code"], "device-provisioning")
    assert (start.line + 1, start.character + 1) == (found["line"], found["column"])
    assert diagnostic.severity is types.DiagnosticSeverity.Error
    assert diagnostic.code_description.href.endswith("/rules/DP006.html")


def test_what_is_mended_is_not_published_any_more(tmp_path):
    async def mended(editor):
        return [await editor.open(BODY), await editor.change(BODY.replace('"Number"', '"String"'))]

    before, after = edited(tmp_path / "body.json", mended)
    assert (len(before), after) == (1, [])


def test_a_finding_has_the_page_of_its_rule(tmp_path):
    async def asked(editor):
        (diagnostic,) = await editor.open(BODY)
        elsewhere = types.Position(0, 0)
        return await editor.hover(diagnostic.range.start), await editor.hover(elsewhere)

    page, nothing = edited(tmp_path / "body.json", asked)
    assert page.contents.value.startswith("# DP006: ")
    assert nothing is None


@pytest.mark.parametrize("before", ["", '"a": "\U0001f600ä", '], ids=["plain", "beyond the first plane"])
def test_a_fix_is_offered_and_mends_what_it_is_about(before, tmp_path):
    text = BODY.replace('"Type": "Number"', f'{before}"Type": "Number"')

    async def asked(editor):
        found = [entry for entry in await editor.open(text) if entry.code == "DP006"]
        (action,) = await editor.actions(found[0].range)
        (change,) = action.edit.changes[editor.uri]
        left = await editor.change(applied(text, change))
        return action, applied(text, change), left

    action, after, left = edited(tmp_path / "body.json", asked)
    assert action.kind == types.CodeActionKind.QuickFix
    assert action.is_preferred
    assert after == text.replace('"Number"', '"String"')
    assert [entry for entry in left if entry.code == "DP006"] == []


@pytest.mark.parametrize("text", ['{"name": "left', "", "kind: [other", '{"iot": 1}'])
def test_a_file_of_something_else_is_left_alone(text, tmp_path):
    assert edited(tmp_path / "other.json", lambda editor: editor.open(text)) == []


def test_the_configuration_of_the_project_counts(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[tool.device-provisioning.lint]\nsilenced = {DP006 = "tried"}\n'
    )
    assert edited(tmp_path / "body.json", lambda editor: editor.open(BODY)) == []
