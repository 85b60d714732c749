"""The rules for provisioning templates that were written without this library's components."""

from collections.abc import Mapping
from typing import Any

import pulumi

from ..aws_iot import Finding, Severity
from ..aws_iot.rules import RULES
from ..aws_iot.rules.registry import require_silencing
from ..cloudformation.checks import check_cloudformation_template
from ..cloudformation.stack_reader import METADATA
from ..lint.configuration import find_project
from ..plans.plan import KNOWN_LATER
from ..plans.pulumi_state import snake_case, terraform_type
from ..plans.resource_kinds import translated

_CHECKED = ("aws_iot_provisioning_template", "aws_iot_ca_certificate")


class ProvisioningTemplatesBreakRules(pulumi.RunError):
    """Raised with every error that was found in a program until then."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__()
        self._problems = problems

    def __str__(self) -> str:
        return "\n".join(["provisioning templates of this program break rules:", *self._problems])


def check_provisioning_templates(silenced_rules: Mapping[str, str] | None = None) -> None:
    """Check every ``aws.iot.ProvisioningTemplate`` and ``aws.iot.CaCertificate`` that follows in a program.

    A transform checks each by the rules of ``docs/rules.md`` before it is registered, also inside components
    of others. A preview reports every error of all of them and fails; warnings become warnings. What is known
    only in an update is checked there, before the resource is created. What is secret is not checked, so that
    no finding contains it.

    A transform sees one resource at a time: whether a role, a hook's permission and claim policies suit their
    template is for this library's components, or for ``device-provisioning lint``.

    Args:
        silenced_rules: Codes of rules that don't apply here, each with the reason, besides those that the
            configuration of ``device-provisioning lint`` names in the program's folder or above it; none by
            default.

    Raises:
        ValueError: If a silenced code is unknown or has no reason.

    Example::

        check_provisioning_templates()
        aws.iot.ProvisioningTemplate("sensors", template_body=body, provisioning_role_arn=role.arn)
    """
    silenced = dict(silenced_rules or {})
    require_silencing(silenced, RULES)
    project = find_project()
    problems: list[str] = []

    async def judge(args: pulumi.ResourceTransformArgs) -> None:
        if terraform_type(args.type_) in _CHECKED:
            found = _findings(args, await _known(args.props), silenced)
            judged = [project.judged(finding, "Pulumi.yaml") for finding in found]
            errors = _report(args.name, [finding for finding in judged if finding])
            problems.extend(errors)
            if errors:
                _fail(problems)

    pulumi.runtime.register_resource_transform(judge)


def _findings(
    args: pulumi.ResourceTransformArgs, props: Mapping[str, Any], silenced: Mapping[str, str]
) -> list[Finding]:
    values = {snake_case(name): value for name, value in props.items()}
    resource, _ = translated(terraform_type(args.type_), values)
    resource["Metadata"] = {METADATA: {"silenced": silenced}}
    return check_cloudformation_template({"Resources": {args.name: resource}}, names_are_checked=False)


def _report(name: str, findings: list[Finding]) -> list[str]:
    log = {Severity.ERROR: pulumi.log.error, Severity.WARNING: pulumi.log.warn}
    for finding in findings:
        log.get(finding.severity, pulumi.log.debug)(f"{name}: {finding}")
    return [f"{name}: {finding}" for finding in findings if finding.severity is Severity.ERROR]


def _fail(problems: list[str]) -> None:
    if not pulumi.runtime.is_dry_run():
        raise ProvisioningTemplatesBreakRules(problems)

    # Pulumi looks at Outputs when all resources are registered: by then every template has been checked.
    def fail(_: None) -> None:
        raise ProvisioningTemplatesBreakRules(problems)

    pulumi.Output.from_input(None).apply(fail)


async def _known(value: Any) -> Any:
    """A value without Outputs; what is unknown or secret becomes something that the rules leave alone."""
    if isinstance(value, pulumi.Output):
        if await value.is_secret() or not await value.is_known():
            return KNOWN_LATER
        return await _known(await value.future())
    if isinstance(value, Mapping):
        return {snake_case(str(name)): await _known(inner) for name, inner in value.items()}
    return value
