"""Rules: what each looks at, how sure it is, and where it comes from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from ..finding import Finding, Severity

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
    """What a rule found, before it is told as a finding.

    Args:
        path: The place as a JSON pointer.
        message: What is wrong and what was given.
        severity: The rule's own by default.
        hint: The rule's own by default.
    """

    path: str
    message: str
    severity: Severity | None = None
    hint: str | None = None


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
        subject: What the rule looks at.
        check: The function that finds breaches.
    """

    code: str
    title: str
    severity: Severity
    evidence: Evidence
    source: str
    hint: str
    subject: type
    check: Check

    def findings(self, subject: Any) -> Iterable[Finding]:
        """Every breach of this rule."""
        for problem in self.check(subject):
            severity = problem.severity or self.severity
            yield Finding(self.code, severity, problem.path, problem.message, problem.hint or self.hint)


_RULES: dict[str, Rule] = {}

RULES: Mapping[str, Rule] = MappingProxyType(_RULES)
"""Every rule by its code."""


def rule(
    code: str,
    title: str,
    *,
    subject: type,
    severity: Severity,
    evidence: Evidence,
    source: str,
    hint: str,
) -> Callable[[Check], Check]:
    """Register a function as a rule."""

    def register(check: Check) -> Check:
        if code in _RULES:
            raise ValueError(f"two rules are called {code}")
        _RULES[code] = Rule(code, title, severity, evidence, source, hint, subject, check)
        return check

    return register


def findings_of(subject: object, silenced: Mapping[str, str] | None) -> Iterator[Finding]:
    """Every breach of every rule that looks at such a subject.

    Args:
        subject: What is checked.
        silenced: Codes of rules that don't apply, each with the reason.

    Raises:
        ValueError: If a silenced code is unknown or has no reason.
    """
    require_silencing(silenced or {})
    for code in sorted(_RULES):
        if isinstance(subject, _RULES[code].subject) and code not in (silenced or {}):
            yield from _RULES[code].findings(subject)


def not_checked(path: str, message: str) -> Finding:
    """Tell that something was not checked."""
    return Finding(NOT_CHECKED, Severity.INFO, path, message, "check what is deployed")


def require_silencing(silenced: Mapping[str, str]) -> None:
    """Refuse to silence what does not exist, or for no reason.

    Raises:
        ValueError: With every code that is unknown or has no reason.
    """
    problems = [
        *(f"there is no rule {code!r} to silence" for code in silenced if code not in _RULES),
        *(
            f"{code} is silenced without a reason"
            for code, reason in silenced.items()
            if not _is_text(reason)
        ),
    ]
    if problems:
        raise ValueError("; ".join(problems) + ": give a code of docs/rules.md with a reason")


def _is_text(reason: Any) -> bool:
    return isinstance(reason, str) and bool(reason.strip())
