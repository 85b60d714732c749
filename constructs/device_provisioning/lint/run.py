"""From what the command line asks for to an exit status."""

import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field

from ..console.exit_status import BAD_INPUT, FAILED
from ..console.sources import STANDARD_INPUT, UnreadableError
from .baseline import leave_out_known, write_known
from .body_type import BodyType
from .configuration import Project, find_project
from .files import LintResult
from .fixed_files import FixedFiles, Judge, fix_files, write_differences, write_fixed
from .formats import write
from .project import lint_project
from .proposals import propose_fixes


@dataclass(frozen=True)
class Request:
    """What the command line asks for: see the options of ``lint``."""

    given: tuple[str, ...] = ()
    body_type: BodyType = BodyType.FLEET
    output_format: str = "text"
    strict: bool = False
    silenced: Mapping[str, str] = field(default_factory=dict)
    config: str | None = None
    baseline: str | None = None
    write_baseline: str | None = None
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False


def run(request: Request) -> int:
    """Check, and fix if that is asked for; the exit status.

    Raises:
        UnreadableError: If a configuration or a baseline can't be used, or a file can't be written.
    """
    _require_one_purpose(request)
    project = find_project(request.config)
    given = request.given or tuple(project.files())
    if not given:
        raise UnreadableError("FILE… is missing: give one, or paths in a configuration")
    baseline = request.baseline or project.baseline
    judge = Judge(request.body_type, request.silenced, project, baseline)
    if not (request.fix or request.diff):
        return _lint(request, given, judge, FixedFiles())
    files = fix_files(given, judge, unsafe=request.unsafe_fixes)
    if request.diff:
        return _show(request, given, project, files)
    write_fixed(files)
    if STANDARD_INPUT not in given:
        return _lint(request, given, judge, files)
    with redirect_stdout(sys.stderr):
        return _lint(request, given, judge, files)


def _require_one_purpose(request: Request) -> None:
    if request.unsafe_fixes and not (request.fix or request.diff):
        raise UnreadableError("--unsafe-fixes is given alone: give --fix or --diff as well")
    if request.fix and request.diff:
        raise UnreadableError("--fix writes and --diff only shows: give one of them")
    if request.write_baseline and (request.fix or request.diff):
        raise UnreadableError("--write-baseline writes what is found: fix it first")


def _lint(request: Request, given: tuple[str, ...], judge: Judge, files: FixedFiles) -> int:
    result = lint_project(given, request.body_type, request.silenced, judge.project, files.texts)
    result.fixed, result.unfixed = files.fixed, files.unfixed
    if request.write_baseline:
        write_known(result, request.write_baseline)
        return BAD_INPUT if result.unreadable else 0
    if judge.baseline:
        leave_out_known(result, judge.baseline)
    if request.output_format == "sarif":
        propose_fixes(result, given, judge, files.texts)
    write(result, request.output_format)
    if result.unreadable:
        return BAD_INPUT
    return FAILED if result.fails(strict=request.strict) else 0


def _show(request: Request, given: tuple[str, ...], project: Project, files: FixedFiles) -> int:
    result = lint_project(given, request.body_type, request.silenced, project, files.texts)
    changes = write_differences(files)
    write(LintResult(unreadable=result.unreadable, unfixed=files.unfixed), "none")
    if result.unreadable:
        return BAD_INPUT
    return FAILED if changes else 0
