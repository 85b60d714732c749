"""A cfn-lint rule a code and severity, over one check of the template."""

from collections.abc import Iterator
from functools import lru_cache

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from ..aws_iot import Finding, Severity
from ..aws_iot.rules import RULES
from ..aws_iot.rules.registry import NOT_CHECKED, page_of
from ..cloudformation.checks import check_cloudformation_template
from ..lint.configuration import find_project
from .places import place_of

LETTERS = {Severity.ERROR: "E", Severity.WARNING: "W", Severity.INFO: "I"}


def rule_id(code: str, severity: Severity) -> str:
    """cfn-lint's id of a finding.

    Example:
        >>> rule_id("DP005", Severity.WARNING)
        'W9005'
    """
    return f"{LETTERS[severity]}9{code.removeprefix('DP')}"


class ProvisioningRule(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint has no types
    """One code of one severity."""

    code: str
    finding_severity: Severity

    def match(self, cfn: Template) -> list[RuleMatch]:
        """The findings of this code and severity."""
        found = (finding for finding in _findings(cfn) if finding.code == self.code)
        return [_match(finding, cfn) for finding in found if finding.severity is self.finding_severity]


def rule_classes() -> dict[str, type[CloudFormationLintRule]]:
    """A class a rule, which is what cfn-lint looks for in a module, by the id."""
    classes = {}
    for code, severity, title, page in _kinds():
        identifier = rule_id(code, severity)
        attributes = {
            "id": identifier,
            "shortdesc": f"{code}: {title}",
            "description": f"{code} of device-provisioning: {title}",
            "source_url": page,
            "tags": ["iot", "provisioning"],
            "code": code,
            "finding_severity": severity,
        }
        classes[identifier] = type(identifier, (ProvisioningRule,), attributes)
    return classes


def _kinds() -> Iterator[tuple[str, Severity, str, str]]:
    yield NOT_CHECKED, Severity.INFO, "what was not checked", page_of(NOT_CHECKED)
    for rule in RULES.values():
        for severity in Severity:
            yield rule.code, severity, rule.title, rule.page


def _match(finding: Finding, cfn: Template) -> RuleMatch:
    message = f"{finding.path}: {finding.message}: {finding.hint}"
    return RuleMatch(place_of(finding.path, cfn.template), message)


@lru_cache(maxsize=1)
def _findings(cfn: Template) -> list[Finding]:
    # cfn-lint asks every rule about the same template in turn.
    project = find_project()
    found = check_cloudformation_template(cfn.template)
    judged = (project.judged(finding, cfn.filename or "") for finding in found)
    return [finding for finding in judged if finding]
