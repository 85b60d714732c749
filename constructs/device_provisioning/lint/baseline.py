"""Findings that are known, so that only new ones are reported."""

import sys
from collections import Counter
from os.path import relpath
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ..aws_iot import Severity
from ..console.output_files import OutputFile
from ..console.sources import UnreadableError
from ..console.text import printable
from .files import FileFinding, LintResult


class KnownFinding(BaseModel):
    """A finding, by what stays the same when lines move.

    Args:
        file: The file, from the folder of the baseline.
        code: The code of the rule.
        path: The place.
        message: What is wrong.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    code: str
    path: str
    message: str


class Baseline(BaseModel):
    """Findings that are known.

    Args:
        version: The version of this form.
        findings: Every finding; one that stands twice is known twice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    findings: list[KnownFinding]


def write_known(result: LintResult, name: str) -> None:
    """Write the findings that are to be known, and say how many; what was not checked is not among them.

    Args:
        result: What linting found.
        name: The file.

    Raises:
        UnreadableError: If it can't be written.
    """
    findings = [
        _known(entry, name) for entry in result.findings if entry.finding.severity is not Severity.INFO
    ]
    with OutputFile(name) as file:
        file.write(f"{Baseline(findings=findings).model_dump_json(indent=2)}\n".encode())
    count = len(findings)
    sys.stderr.write(f"{printable(name)}: {count} finding{'' if count == 1 else 's'}\n")


def leave_out_known(result: LintResult, name: str) -> None:
    """Leave out the findings that are known, and count the known ones that are gone.

    Args:
        result: What linting found.
        name: The file of the baseline.

    Raises:
        UnreadableError: If it can't be read.
    """
    left = Counter(_read(name).findings)
    found, result.findings = result.findings, []
    for entry in found:
        known = _known(entry, name)
        if left[known] > 0:
            left[known] -= 1
        else:
            result.findings.append(entry)
    result.gone = left.total()


def _known(entry: FileFinding, name: str) -> KnownFinding:
    file = Path(relpath(entry.file, Path(name).parent)).as_posix()
    finding = entry.finding
    return KnownFinding(file=file, code=finding.code, path=finding.path, message=finding.message)


def _read(name: str) -> Baseline:
    try:
        return Baseline.model_validate_json(Path(name).read_bytes())
    except OSError as error:
        raise UnreadableError(
            f"{name}: cannot be read: {error.strerror or error}: --write-baseline writes one"
        ) from None
    except ValidationError as error:
        raise UnreadableError(
            f"{name}: is not a baseline: {error.errors()[0]['msg']}: --write-baseline writes one"
        ) from None
