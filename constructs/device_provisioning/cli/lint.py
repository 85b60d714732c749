"""The verb ``lint``."""

from ..console.problems import exit_with
from ..lint.body_type import BodyType
from . import lint_options as options
from .options import BodyTypeOption


def lint(
    files: options.Files = None,
    body_type: BodyTypeOption = BodyType.FLEET,
    output_format: options.Format = options.OutputFormat.TEXT,
    strict: options.Strict = False,
    silence: options.Silence = None,
    config: options.Config = None,
    baseline: options.KnownFindings = None,
    write_baseline: options.WriteBaseline = None,
    fix: options.FixFiles = False,
    unsafe_fixes: options.UnsafeFixes = False,
    diff: options.Diff = False,
) -> None:
    """Check provisioning templates and what belongs to them.

    Hooks, roles and policies in the same file are checked with the template.

    Exit status: 0 without errors, 1 with errors (with --diff, with differences), 2 when something could not
    be read.
    """
    from ..lint.run import Request, run
    from .reasons import parse_reasons

    request = Request(
        given=tuple(files or ()),
        body_type=body_type,
        output_format=str(output_format),
        strict=strict,
        silenced=parse_reasons(silence or []),
        config=config,
        baseline=baseline,
        write_baseline=write_baseline,
        fix=fix,
        unsafe_fixes=unsafe_fixes,
        diff=diff,
    )
    exit_with(lambda: run(request))
