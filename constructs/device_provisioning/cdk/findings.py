"""What the rules find, told by CDK's own means."""

from collections.abc import Mapping

from aws_cdk import Annotations
from constructs import IConstruct

from ..aws_iot import Context, FleetTemplate, JitpTemplate, Severity, check


def report_findings(
    scope: IConstruct,
    body: FleetTemplate | JitpTemplate,
    context: Context,
    silenced: Mapping[str, str] | None = None,
) -> None:
    """Check a body and its settings: warnings and what could not be checked become annotations.

    Args:
        scope: The construct that the annotations are of.
        body: The body.
        context: What surrounds it.
        silenced: Codes of rules that don't apply, each with the reason; none by default.

    Raises:
        ValueError: With every error, or if a silenced code is unknown or has no reason.
    """
    findings = check(body.document, body.template_type, context=context, silenced=silenced)
    errors = [str(finding) for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise ValueError("\n".join(errors))
    annotations = Annotations.of(scope)
    for finding in findings:
        if finding.severity is Severity.WARNING:
            annotations.add_warning_v2(f"device-provisioning:{finding.code}", str(finding))
        else:
            annotations.add_info(str(finding))
