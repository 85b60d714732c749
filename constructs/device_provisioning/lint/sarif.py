"""Findings for code scanning: the Static Analysis Results Interchange Format (SARIF).

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..aws_iot import Severity
from ..aws_iot.rules import Rule
from ..aws_iot.rules.registry import page_of
from .files import Change, FileFinding, LintResult


def write_sarif(result: LintResult) -> None:
    """Write findings to standard output.

    Args:
        result: What lint found.
    """
    from ..version import __version__
    from .every_rule import EVERY_RULE

    used = sorted({entry.finding.code for entry in result.findings})
    rules = [_sarif_rule(code, EVERY_RULE.get(code)) for code in used]
    driver = {"name": "device-provisioning", "semanticVersion": __version__, "rules": rules}
    results = [_sarif_result(entry, result.changes.get(entry, ())) for entry in result.findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    print(json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2))


def _sarif_rule(code: str, rule: Rule | None) -> dict[str, Any]:
    described = {"id": code, "helpUri": page_of(code)}
    if rule is None:
        return described | {"shortDescription": {"text": "what was not checked"}}
    return described | {"shortDescription": {"text": rule.title}, "help": {"text": rule.hint}}


def _sarif_result(entry: FileFinding, changes: Iterable[Change]) -> dict[str, Any]:
    finding = entry.finding
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    result = {
        "ruleId": finding.code,
        "level": levels[finding.severity],
        "message": {"text": f"{finding.message}: {finding.hint}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(entry),
                    "region": {"startLine": entry.line, "startColumn": entry.position.column},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.path or "/"}],
            }
        ],
    }
    return result | {"fixes": [_fix(entry, changes)]} if changes else result


def _fix(entry: FileFinding, changes: Iterable[Change]) -> dict[str, Any]:
    is_safe = entry.finding.fix is not None and entry.finding.fix.is_safe
    return {
        "description": {"text": entry.finding.hint},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(entry),
                "replacements": [_replacement(change) for change in changes],
            }
        ],
        "properties": {"applicability": "safe" if is_safe else "unsafe"},
    }


def _replacement(change: Change) -> dict[str, Any]:
    (line, column), (last_line, end) = change.start, change.end
    region = {"startLine": line, "startColumn": column, "endLine": last_line, "endColumn": end}
    return {"deletedRegion": region, "insertedContent": {"text": change.text}}


def _artifact(entry: FileFinding) -> dict[str, str]:
    return {"uri": quote(Path(entry.file).as_posix())}
