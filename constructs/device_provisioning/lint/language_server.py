"""The rules in an editor: what lint finds while a file is written, what fixes it, and what a rule is about.

https://microsoft.github.io/language-server-protocol/
"""

from collections.abc import Iterable, Sequence

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument

from ..aws_iot import Severity
from ..aws_iot.rules.registry import page_of
from ..cloudformation.text_places import Span
from ..console.sources import UnreadableError
from ..plans.reading import read_plan
from ..version import __version__
from .body_type import BodyType
from .configuration import Project
from .files import FileFinding
from .fixed_files import Judge
from .fixing import place_fixes
from .rule_pages import page_of_rule

NAME = "device-provisioning"
_MARKS = ("AWS::IoT::", "aws_iot_", "aws:iot", "aws-native:iot", "iotFleetProvisioning", "iotda::")
"""One of them is in every file that has to do with provisioning."""
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


def language_server(body_type: BodyType, project: Project) -> LanguageServer:
    """A server for editors, ready to be started.

    Args:
        body_type: The type of a standalone body file.
        project: What its configuration says counts, as for ``lint``.
    """
    server = LanguageServer(NAME, __version__, types.TextDocumentSyncKind.Full)
    judge = Judge(body_type, {}, project, project.baseline)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def publish(params: types.DidOpenTextDocumentParams | types.DidChangeTextDocumentParams) -> None:
        document = server.workspace.get_text_document(params.text_document.uri)
        diagnostics = [_diagnostic(document, entry) for entry in _found(judge, document)]
        server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(document.uri, diagnostics, document.version)
        )

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        document = server.workspace.get_text_document(params.text_document.uri)
        here = [entry for entry in _found(judge, document) if entry.line == params.position.line + 1]
        pages = dict.fromkeys(page_of_rule(entry.finding.code) or "" for entry in here)
        text = types.MarkupContent(types.MarkupKind.Markdown, "\n".join(pages))
        return types.Hover(text) if pages else None

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = server.workspace.get_text_document(params.text_document.uri)
        if _is_made(document.source, body_type):
            return []
        lines = range(params.range.start.line + 1, params.range.end.line + 2)
        here = [entry for entry in _found(judge, document) if entry.line in lines and entry.finding.fix]
        changes = place_fixes(document.source, here, lambda text: judge.found(_file(document), text))
        return [_action(document, entry, spans) for entry, spans in changes.items()]

    return server


def _found(judge: Judge, document: TextDocument) -> Sequence[FileFinding]:
    """What is found; nothing in a file of something else, such as an editor has open beside these."""
    if not any(mark in document.source for mark in _MARKS):
        return []
    try:
        return judge.found(_file(document), document.source)
    except UnreadableError:
        return []


def _file(document: TextDocument) -> str:
    return to_fs_path(document.uri) or document.uri


def _is_made(text: str, body_type: BodyType) -> bool:
    """Whether another tool wrote a text, which is not to be changed then."""
    try:
        return body_type is not BodyType.IOTDA and bool(read_plan(text).made_by)
    except UnreadableError:
        return True


def _diagnostic(document: TextDocument, entry: FileFinding) -> types.Diagnostic:
    finding, line = entry.finding, entry.line - 1
    lines = document.lines or [""]
    end = len(lines[line].rstrip()) if line < len(lines) else 0
    start = types.Position(line, entry.position.column - 1)
    span = types.Range(start, types.Position(line, max(end, start.character)))
    return types.Diagnostic(
        range=document.position_codec.range_to_client_units(lines, span),
        message=f"{finding.message}: {finding.hint}",
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(page_of(finding.code)),
        source=NAME,
    )


def _action(document: TextDocument, entry: FileFinding, spans: Iterable[Span]) -> types.CodeAction:
    return types.CodeAction(
        title=f"{entry.finding.code}: {entry.finding.hint}",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[_diagnostic(document, entry)],
        edit=types.WorkspaceEdit({document.uri: [_change(document, span) for span in spans]}),
        is_preferred=bool(entry.finding.fix and entry.finding.fix.is_safe),
    )


def _change(document: TextDocument, span: Span) -> types.TextEdit:
    text = document.source
    place = types.Range(_position(text, span.start), _position(text, span.end))
    return types.TextEdit(document.position_codec.range_to_client_units(document.lines, place), span.text)


def _position(text: str, offset: int) -> types.Position:
    lines = text[:offset].splitlines(keepends=True)
    if not lines or lines[-1].endswith(("\n", "\r")):
        return types.Position(len(lines), 0)
    return types.Position(len(lines) - 1, len(lines[-1]))
