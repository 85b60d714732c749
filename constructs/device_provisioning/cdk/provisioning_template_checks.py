"""The rules for provisioning templates that were written without this library's constructs."""

import json
from pathlib import Path

import jsii
from aws_cdk import (
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
)

from ..aws_iot import Finding, Severity
from ..aws_iot.rules import RULES
from ..aws_iot.rules.registry import page_of
from ..cloudformation.checks import check_cloudformation_template
from ..lint.configuration import find_project
from ..version import __version__


@jsii.implements(IPolicyValidationPlugin)
class ProvisioningTemplateChecks:
    """Check every ``AWS::IoT::ProvisioningTemplate`` and CA of an app by the rules of ``docs/rules.md``.

    An error fails the synthesis with its path and its fix. ``Validations.of(construct).acknowledge`` with
    the id ``device-provisioning::DP005`` says that a finding is meant, and why; so does the configuration of
    ``device-provisioning lint`` in the folder where the app runs, or above it.

    Example::

        Validations.of(app).add_plugins(ProvisioningTemplateChecks())
    """

    @property
    def name(self) -> str:
        """What the report calls it."""
        return "device-provisioning"

    @property
    def version(self) -> str:
        """The version of this library."""
        return __version__

    @property
    def rule_ids(self) -> list[str]:
        """Every code."""
        return list(RULES)

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Check the templates that were synthesised."""
        project = find_project()
        found = [
            (project.judged(finding, path), path)
            for path in context.template_paths
            for finding in check_cloudformation_template(json.loads(Path(path).read_text()))
        ]
        findings = [
            (finding, path) for finding, path in found if finding and finding.severity is not Severity.INFO
        ]
        return PolicyValidationPluginReport(
            success=all(finding.severity is not Severity.ERROR for finding, _ in findings),
            violations=[_violation(finding, path) for finding, path in findings],
        )


def _violation(finding: Finding, template_path: str) -> PolicyViolation:
    _, _, logical_id, *location = [*finding.path.split("/"), "", "", ""]
    resource = PolicyViolatingResource(
        resource_logical_id=logical_id or None,
        template_path=template_path,
        locations=["/".join(location).rstrip("/")],
    )
    return PolicyViolation(
        rule_name=finding.code,
        description=f"{finding.path or '/'}: {finding.message}",
        fix=finding.hint,
        rule_metadata={"page": page_of(finding.code)},
        severity=str(finding.severity),
        violating_resources=[resource],
    )
