"""Files as a project wants them checked: with what its configuration says about the rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from .body_type import BodyType
from .configuration import Project
from .files import FileFinding, LintResult, lint_files


def lint_project(
    given: Sequence[str],
    body_type: BodyType,
    silenced: Mapping[str, str],
    project: Project,
    texts: Mapping[str, str] | None = None,
) -> LintResult:
    """Check files as a project wants it; findings that are known are among those found.

    Args:
        given: Files, folders, ``-``.
        body_type: The type of a standalone body file.
        silenced: Rules left out, with the reasons, besides those of the project.
        project: The project.
        texts: What files say, as far as it is known; they are read by default.
    """
    result = lint_files(given, body_type, silenced, texts)
    result.findings = list(judged(result.findings, project))
    return result


def judged(findings: Sequence[FileFinding], project: Project) -> Iterator[FileFinding]:
    """Findings as a project sees them.

    Args:
        findings: The findings.
        project: The project.
    """
    for entry in findings:
        if finding := project.judged(entry.finding, entry.file):
            yield replace(entry, finding=finding)
