"""The rules for provisioning templates that were written without this library's components."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from ..aws_iot import Finding, Severity
from ..aws_iot.rules.cloudformation import check_cloudformation_template
from ..aws_iot.rules.registry import require_silencing
from ..aws_iot.rules.stack_reader import AUTHORITY, METADATA
from ..aws_iot.rules.stack_values import TEMPLATE

_TYPES = {
    "aws:iot/provisioningTemplate:ProvisioningTemplate": TEMPLATE,
    "aws:iot/caCertificate:CaCertificate": AUTHORITY,
}
_KNOWN_LATER = {"Ref": "KnownLater"}
"""A reference to what CloudFormation's template does not show."""


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
    of others. A preview tells every error of all of them and fails; warnings become warnings. What is known
    only in an update is checked there, before the resource is created. What is secret is not checked, so that
    no finding tells it.

    A transform sees one resource at a time: whether a role, a hook's permission and claim policies suit their
    template is for this library's components, or for ``device-provisioning lint``.

    Args:
        silenced_rules: Codes of rules that don't apply here, each with the reason; none by default.

    Raises:
        ValueError: If a silenced code is unknown or has no reason.

    Example::

        check_provisioning_templates()
        aws.iot.ProvisioningTemplate("sensors", template_body=body, provisioning_role_arn=role.arn)
    """
    silenced = dict(silenced_rules or {})
    require_silencing(silenced)
    problems: list[str] = []

    async def judge(args: pulumi.ResourceTransformArgs) -> None:
        if args.type_ in _TYPES:
            errors = _tell(args.name, _findings(args, await _known(args.props), silenced))
            problems.extend(errors)
            if errors:
                _fail(problems)

    pulumi.runtime.register_resource_transform(judge)


def _findings(
    args: pulumi.ResourceTransformArgs, props: Mapping[str, Any], silenced: Mapping[str, str]
) -> list[Finding]:
    resource = {
        "Type": _TYPES[args.type_],
        "Properties": _in_cloudformation(props),
        "Metadata": {METADATA: {"silenced": silenced}},
    }
    return check_cloudformation_template({"Resources": {args.name: resource}})


def _tell(name: str, findings: list[Finding]) -> list[str]:
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
            return _KNOWN_LATER
        return await _known(await value.future())
    if isinstance(value, Mapping):
        return {name: await _known(inner) for name, inner in value.items()}
    return value


def _in_cloudformation(props: Mapping[str, Any]) -> dict[str, Any]:
    """Properties as CloudFormation calls them: ``preProvisioningHook`` is ``PreProvisioningHook`` there."""
    translated = {}
    for name, value in props.items():
        inner = _in_cloudformation(value) if isinstance(value, Mapping) else value
        capitalised = f"{name[0].upper()}{name[1:]}"
        other_name, other_value = _OTHERWISE.get(name, (capitalised, lambda same: same))
        translated[other_name] = other_value(inner)
    return translated


_OTHERWISE: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "active": ("Status", lambda active: "INACTIVE" if active is False else "ACTIVE"),
    "allowAutoRegistration": (
        "AutoRegistrationStatus",
        lambda wanted: "DISABLE" if wanted is False else "ENABLE",
    ),
    "caCertificatePem": ("CACertificatePem", lambda same: same),
    "name": ("TemplateName", lambda same: same),
    "type": ("TemplateType", lambda same: same),
}
