"""Rules: what each checks, how sure it is, and where it comes from."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType, ModuleType
from typing import Any

from ...version import DOCUMENTATION
from ..finding import Finding, Severity
from ..fix import Fix

NOT_CHECKED = "DP000"
LATER = "the value is known only on deployment, so it was not checked"
GUIDE = "https://docs.aws.amazon.com/iot/latest/developerguide/"
API = "https://docs.aws.amazon.com/iot/latest/apireference/"
QUOTAS = "https://docs.aws.amazon.com/general/latest/gr/iot-core.html"
CLOUDFORMATION = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"


class Evidence(StrEnum):
    """How it is known that a rule holds.

    ``observed``: somebody met the error and reported it. ``documented``: the vendor says so. ``inferred``: it
    follows from the API's model or from a limit, and the answer of AWS was not seen.
    """

    OBSERVED = "observed"
    DOCUMENTED = "documented"
    INFERRED = "inferred"


@dataclass(frozen=True)
class Problem:
    """What a rule found, before it is reported as a finding.

    Args:
        path: The place as a JSON pointer.
        message: What is wrong and what was given.
        severity: The rule's own by default.
        hint: The rule's own by default.
        offset: How many characters into the text at the place; its start by default.
        fix: What makes the rule hold; not known by default.
    """

    path: str
    message: str
    severity: Severity | None = None
    hint: str | None = None
    offset: int | None = None
    fix: Fix | None = None


Check = Callable[[Any], Iterable[Problem]]


@dataclass(frozen=True)
class Rule:
    """One rule.

    Args:
        code: ``DP001`` and on for AWS, ``DP201`` and on for IoTDA; a code never changes its meaning.
        title: What has to hold.
        severity: What a breach usually is.
        evidence: How it is known.
        source: Where it is said.
        hint: What to do about a breach.
        subject: What the rule checks.
        check: The function that finds breaches.
        since: The first version that has it.
    """

    code: str
    title: str
    severity: Severity
    evidence: Evidence
    source: str
    hint: str
    subject: type
    check: Check
    since: str

    @property
    def page(self) -> str:
        """The address of its page."""
        return page_of(self.code)

    def findings(self, subject: Any) -> Iterable[Finding]:
        """Every breach of this rule."""
        for problem in self.check(subject):
            severity = problem.severity or self.severity
            hint = problem.hint or self.hint
            yield Finding(
                self.code, severity, problem.path, problem.message, hint, problem.offset, problem.fix
            )


def rule(
    code: str,
    title: str,
    *,
    subject: type,
    severity: Severity,
    evidence: Evidence,
    source: str,
    hint: str,
    since: str = "0.1.0",
) -> Callable[[Check], Rule]:
    """Make a rule of a function that finds its breaches."""

    def make(check: Check) -> Rule:
        return Rule(code, title, severity, evidence, source, hint, subject, check, since)

    return make


def rules_of(*modules: ModuleType) -> Mapping[str, Rule]:
    """Every rule of these modules by its code, in the order of the codes.

    Raises:
        ValueError: If two rules have the same code.
    """
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Rule)]
    rules = {rule.code: rule for rule in sorted(found, key=lambda rule: rule.code)}
    if len(rules) < len(found):
        repeated = {rule.code for rule in found if rules[rule.code] is not rule}
        raise ValueError(
            f"two rules have the code {', '.join(sorted(repeated))}: give each a code of its own"
        )
    return MappingProxyType(rules)


def findings_of(
    rules: Mapping[str, Rule], subject: object, silenced: Mapping[str, str] | None
) -> Iterator[Finding]:
    """Every breach of the rules that apply to such a subject.

    Args:
        rules: The rules by code.
        subject: What is checked.
        silenced: Codes of rules that don't apply, each with the reason.

    Raises:
        ValueError: If a silenced code is unknown or has no reason.
    """
    require_silencing(silenced or {}, rules)
    for rule in rules.values():
        if isinstance(subject, rule.subject) and rule.code not in (silenced or {}):
            yield from rule.findings(subject)


def page_of(code: str) -> str:
    """The address of the page about a code.

    Example:
        >>> page_of("DP005").partition("/docs/")[2]
        'rules/DP005.html'
    """
    return f"{DOCUMENTATION}docs/rules/{code}.html"


def not_checked(path: str, message: str) -> Finding:
    """Tell that something was not checked."""
    return Finding(NOT_CHECKED, Severity.INFO, path, message, "check what is deployed")


def require_silencing(silenced: Mapping[str, str], rules: Mapping[str, Rule]) -> None:
    """Refuse to silence what does not exist, or for no reason.

    Args:
        silenced: Codes, each with the reason.
        rules: The rules that are known; codes of a platform without a rule among them are left to it.

    Raises:
        ValueError: With every code that is unknown or has no reason.
    """
    platforms = {_platform(code) for code in rules}
    elsewhere = {code for code in silenced if _CODE.fullmatch(code) and _platform(code) not in platforms}
    problems = [
        *(f"there is no rule {code!r} to silence" for code in silenced if code not in {*rules, *elsewhere}),
        *(
            f"{code} is silenced without a reason"
            for code, reason in silenced.items()
            if not _is_text(reason)
        ),
    ]
    if problems:
        raise ValueError("; ".join(problems) + ": give a code of docs/rules.md with a reason")


_CODE = re.compile(r"DP[012]\d\d")


def _platform(code: str) -> str:
    """``DP001`` to ``DP199`` are of AWS, ``DP201`` to ``DP299`` of IoTDA: settings may name both."""
    return "IoTDA" if code.startswith("DP2") else "AWS"


def _is_text(reason: Any) -> bool:
    return isinstance(reason, str) and bool(reason.strip())
