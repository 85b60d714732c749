"""What ``lint --format json`` writes: a version, and every finding."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..aws_iot import Severity
from ..aws_iot.rules.registry import page_of
from .files import FileFinding, LintResult

VERSION: Literal[1] = 1
"""It grows when a field is taken away or changes its meaning; new fields keep it."""


class ReportedFinding(BaseModel):
    """A finding.

    Args:
        file: The file, ``<stdin>`` for standard input.
        line: The line, from 1.
        column: The column, from 1.
        code: The code of the rule.
        severity: How much it matters.
        path: The place as a JSON pointer, or what the tool of the file calls it.
        message: What is wrong.
        hint: What to do.
        url: The page of the rule.
        fix: ``safe`` if ``--fix`` fixes it, ``unsafe`` if ``--unsafe-fixes`` has to be given with it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    line: int = Field(ge=1)
    column: int = Field(ge=1)
    code: str = Field(pattern=r"^DP\d{3}$")
    severity: Severity
    path: str
    message: str
    hint: str
    url: str
    fix: Literal["safe", "unsafe"] | None


class Unreadable(BaseModel):
    """Something that could not be read.

    Args:
        file: What was given.
        reason: Why it could not be read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    reason: str


class Report(BaseModel):
    """What lint found.

    Args:
        version: The version of this form.
        findings: Every finding.
        unreadable: Everything that could not be read.
        files: How many files were checked.
        fixed: Every finding that was fixed, as it was found.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = VERSION
    findings: list[ReportedFinding]
    unreadable: list[Unreadable]
    files: int = Field(ge=0)
    fixed: list[ReportedFinding]


def report_of(result: LintResult) -> Report:
    """What lint found, as it is written.

    Args:
        result: What lint found.
    """
    return Report(
        findings=[_reported(entry) for entry in result.findings],
        unreadable=[Unreadable(file=name, reason=reason) for name, reason in result.unreadable],
        files=result.files,
        fixed=[_reported(entry) for entry in result.fixed],
    )


def report_schema() -> dict[str, Any]:
    """The JSON Schema of what ``lint --format json`` writes.

    Example:
        >>> report_schema()["properties"]["version"]["const"]
        1
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Report.model_json_schema(mode="serialization"),
    }


def _reported(entry: FileFinding) -> ReportedFinding:
    finding = entry.finding
    return ReportedFinding(
        file=entry.file,
        line=entry.line,
        column=entry.position.column,
        code=finding.code,
        severity=finding.severity,
        path=finding.path,
        message=finding.message,
        hint=finding.hint,
        url=page_of(finding.code),
        fix=("safe" if finding.fix.is_safe else "unsafe") if finding.fix else None,
    )
