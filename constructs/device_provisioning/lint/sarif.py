"""Findings for code scanning: the Static Analysis Results Interchange Format (SARIF).

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from typing import Any

from ..aws_iot import Severity
from ..aws_iot.rules import Rule
from ..aws_iot.rules.registry import page_of
from .files import FileFinding, LintResult


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
    run = {"tool": {"driver": driver}, "results": [_sarif_result(entry) for entry in result.findings]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    print(json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2))


def _sarif_rule(code: str, rule: Rule | None) -> dict[str, Any]:
    described = {"id": code, "helpUri": page_of(code)}
    if rule is None:
        return described | {"shortDescription": {"text": "what was not checked"}}
    return described | {"shortDescription": {"text": rule.title}, "help": {"text": rule.hint}}


def _sarif_result(entry: FileFinding) -> dict[str, Any]:
    from pathlib import Path
    from urllib.parse import quote

    finding = entry.finding
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    return {
        "ruleId": finding.code,
        "level": levels[finding.severity],
        "message": {"text": f"{finding.message}: {finding.hint}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(Path(entry.file).as_posix())},
                    "region": {"startLine": entry.line, "startColumn": entry.position.column},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.path or "/"}],
            }
        ],
    }
