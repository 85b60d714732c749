"""What the rules find, reported by CDK's own means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from aws_cdk import Annotations
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from ..aws_iot import Context, Finding, FleetTemplate, JitpTemplate, Neighbour, Role, Severity, check
from .existing_role import RoleValidation
from .service_role import resource_of

_HAS_TO_EXIST = "DP027"


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
    # What is defined beside the template is known at synthesis.
    report(scope, [finding for finding in findings if finding.code != _HAS_TO_EXIST])


def report_what_has_to_exist(
    scope: IConstruct,
    body: FleetTemplate | JitpTemplate,
    context: Context,
    neighbours: Sequence[Neighbour],
    silenced: Mapping[str, str] | None = None,
) -> None:
    """Say which thing types and groups of a body have to exist, as they are not defined beside the template.

    Args:
        scope: The construct that the annotations are of.
        body: The body.
        context: What surrounds it.
        neighbours: What is defined beside the template.
        silenced: Codes of rules that don't apply, each with the reason; none by default.
    """
    around = replace(context, neighbours=tuple(neighbours))
    findings = check(body.document, body.template_type, context=around, silenced=silenced)
    report(scope, [finding for finding in findings if finding.code == _HAS_TO_EXIST])


def report(scope: IConstruct, findings: Sequence[Finding]) -> None:
    """Make warnings and what could not be checked annotations of a construct.

    Raises:
        ValueError: With every error.
    """
    errors = [str(finding) for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise ValueError("\n".join(errors))
    _annotate(scope, findings)


def report_findings_about_role(
    scope: IConstruct,
    body: FleetTemplate | JitpTemplate,
    context: Context,
    role: iam.IRole,
    silenced: Mapping[str, str] | None = None,
) -> None:
    """Have an existing role checked at synthesis: errors stop it, warnings become annotations.

    Args:
        scope: The construct that the annotations are of.
        body: The body that is applied with the role.
        context: What surrounds it.
        role: The role; one that is defined elsewhere is reported as not checked.
        silenced: Codes of rules that don't apply, each with the reason; none by default.
    """
    resource = resource_of(role)
    if resource is None:
        Annotations.of(scope).add_info("the role is not defined here, so it was not checked")
        return

    def judge(known: Role) -> list[str]:
        around = replace(context, role=known)
        findings = check(body.document, body.template_type, context=around, silenced=silenced)
        about_role = [finding for finding in findings if finding.path == known.path]
        _annotate(scope, about_role)
        return [str(finding) for finding in about_role if finding.severity is Severity.ERROR]

    scope.node.add_validation(RoleValidation(resource, judge))


def _annotate(scope: IConstruct, findings: Iterable[Finding]) -> None:
    known = [finding for finding in findings if finding.severity in (Severity.WARNING, Severity.INFO)]
    if not known:
        return
    annotations = Annotations.of(scope)
    for finding in known:
        if finding.severity is Severity.WARNING:
            annotations.add_warning_v2(f"device-provisioning:{finding.code}", str(finding))
        else:
            annotations.add_info(str(finding))
