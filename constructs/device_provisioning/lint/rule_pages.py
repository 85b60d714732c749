"""A page a rule: what it says, why, what breaks it and what keeps it, and how to leave it out."""

import inspect
from collections.abc import Callable

from ..aws_iot import Severity
from ..aws_iot.rules import Rule
from ..aws_iot.rules.registry import NOT_CHECKED, page_of
from .every_rule import EVERY_RULE
from .examples import AROUND, Example, examples_of

_NOT_CHECKED = f"""\
# {NOT_CHECKED}: what was not checked

**info** · since 0.1.0

A value that only the deployment knows (a token of the CDK, an Output of Pulumi, an expression of
CloudFormation) is skipped by every rule and reported once as an info, as are a role or a hook's function that
are defined elsewhere.

What to do: check what is deployed. It can't be silenced, and it never fails a check.

{page_of(NOT_CHECKED)}
"""
_LETTERS = {Severity.ERROR: "E", Severity.WARNING: "W"}
FIXES = {
    "DP005": True,
    "DP006": True,
    "DP012": False,
    "DP018": True,
    "DP019": False,
    "DP020": False,
    "DP034": False,
    "DP035": True,
    "DP041": False,
    "DP047": True,
    "DP106": False,
    "DP205": True,
}
"""The rules that ``lint --fix`` can make hold, some or all of their breaches, and whether that is safe."""
_WHOLE = {"program": "A program", "text": "A file"}


def page_of_rule(code: str, written: Callable[[str], str] = str) -> str | None:
    """The page about a code, in Markdown; ``None`` if there is no such rule.

    Args:
        code: The code.
        written: How texts of the rule are written; as they are by default.

    Example:
        >>> str(page_of_rule("DP019")).splitlines()[0]
        '# DP019: no override setting is FAIL'
    """
    if code == NOT_CHECKED:
        return _NOT_CHECKED
    rule = EVERY_RULE.get(code)
    return _page(rule, written) if rule else None


def _page(rule: Rule, written: Callable[[str], str]) -> str:
    note = " ".join((inspect.getdoc(rule.check) or "").split()).replace("``", "`")
    wrong, right = examples_of(rule.code)
    return "\n\n".join(
        [
            f"# {rule.code}: {written(rule.title)}",
            f"**{rule.severity}** · {rule.evidence}, [source]({rule.source})"
            f" · since {rule.since}{_cfn_lint(rule)}{_fixable(rule)}",
            note,
            f"What to do: {written(rule.hint)}.",
            f"## Wrong\n\n{_example(wrong)}",
            f"## Right\n\n{_example(right)}",
            f"## Leaving it out\n\n{_silencing(rule)}",
            f"{rule.page}\n",
        ]
    )


def _cfn_lint(rule: Rule) -> str:
    if rule.code.startswith("DP2"):
        return ""
    return f" · in cfn-lint {_LETTERS[rule.severity]}9{rule.code.removeprefix('DP')}"


def _fixable(rule: Rule) -> str:
    if rule.code not in FIXES:
        return ""
    return " · fixable" if FIXES[rule.code] else " · fixable with `--unsafe-fixes`"


def _example(example: Example) -> str:
    what = f"Part of {AROUND[example.around]}" if example.around in AROUND else _WHOLE[example.around]
    return f"{what}:\n\n```{example.language}\n{example.shown}```"


def _silencing(rule: Rule) -> str:
    ways = [
        f'- `device-provisioning lint --silence "{rule.code}=REASON"`',
        f'- `{rule.code} = "REASON"` under `[tool.device-provisioning.lint.silenced]` in `pyproject.toml`',
        f'- `silenced_rules={{"{rule.code}": "REASON"}}` on a construct or component',
    ]
    if not rule.code.startswith("DP2"):
        inner = f"`device-provisioning: {{silenced: {{{rule.code}: REASON}}}}`"
        ways.append(f"- {inner} in the `Metadata` of a resource of CloudFormation, or of the whole template")
    return "\n".join(ways)
