"""What the rules find, reported by Pulumi's own means."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from ..aws_iot import Context, Finding, Severity, TemplateType, check


def report_findings(
    resource: pulumi.Resource,
    body: Mapping[str, Any],
    template_type: TemplateType,
    context: Context,
    silenced: Mapping[str, str] | None = None,
) -> None:
    """Check a body and its settings: warnings become warnings of the deployment.

    What is not known yet is checked by the provider of the template, once it is known.

    Args:
        resource: The component that the warnings are of.
        body: The body.
        template_type: The type of the body.
        context: What surrounds it.
        silenced: Codes of rules that don't apply, each with the reason; none by default.

    Raises:
        ValueError: With every error, or if a silenced code is unknown or has no reason.
    """
    report(resource, check(body, template_type, context=context, silenced=silenced))


def report(resource: pulumi.Resource, findings: Sequence[Finding]) -> None:
    """Stop at errors; warnings become warnings of the deployment.

    Args:
        resource: The component that the warnings are of.
        findings: What rules found.

    Raises:
        ValueError: With every error.
    """
    errors = [str(finding) for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise ValueError("\n".join(errors))
    for finding in findings:
        log = pulumi.log.warn if finding.severity is Severity.WARNING else pulumi.log.debug
        log(str(finding), resource)
