"""The rules for provisioning templates that were written without this library's components."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pulumi

from ..aws_iot import Finding, Severity
from ..aws_iot.rules import RULES
from ..aws_iot.rules.registry import require_silencing
from ..lint.body_type import BodyType
from ..lint.configuration import find_project
from ..lint.files import check_plan
from ..plans.pulumi_state import kind_of, read_pulumi_state
from ..plans.resource_kinds import KINDS
from .end_of_program import at_end_of_program
from .registered_states import state_of


class ProvisioningTemplatesBreakRules(pulumi.RunError):
    """Raised with every error that was found in a program until then."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__()
        self._problems = problems

    def __str__(self) -> str:
        return "\n".join(["provisioning templates of this program break rules:", *self._problems])


def check_provisioning_templates(silenced_rules: Mapping[str, str] | None = None) -> None:
    """Check every ``aws.iot.ProvisioningTemplate`` and ``aws.iot.CaCertificate`` that follows in a program.

    A transform sees each resource before it is registered, also inside components of others. When all are
    registered, each template is checked by the rules of ``docs/rules.md`` with its role, its hook, the
    permission of that, and the policies of claims and devices, as ``device-provisioning lint`` checks what
    ``pulumi preview --json`` prints. A preview reports every error and fails; warnings become warnings. In
    an update, a body with an error fails before it is created. What is secret is not checked, so that no
    finding contains it.

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
    states: list[Mapping[str, Any]] = []

    def found_in(given: Sequence[Mapping[str, Any]]) -> list[Finding]:
        judged = [project.judged(finding, "Pulumi.yaml") for finding in _findings(given)]
        return [finding for finding in judged if finding and finding.code not in silenced]

    async def collect(args: pulumi.ResourceTransformArgs) -> None:
        if kind_of(args.type_) not in KINDS:
            return
        states.append(await state_of(args, states))
        if not pulumi.runtime.is_dry_run():
            _report([each for each in found_in(states[-1:]) if each.severity is Severity.ERROR])

    pulumi.runtime.register_resource_transform(collect)
    at_end_of_program(lambda: _report(found_in(states)))


def _findings(states: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Every finding in resources, by its place: the resource's name and what follows."""
    plan = read_pulumi_state({"deployment": {"resources": list(states)}})
    found = check_plan(plan, BodyType.FLEET)
    return [replace(finding, path=plan.address(finding.path)) for finding in found]


def _report(findings: Sequence[Finding]) -> None:
    log = {Severity.ERROR: pulumi.log.error, Severity.WARNING: pulumi.log.warn}
    for finding in findings:
        log.get(finding.severity, pulumi.log.debug)(_written(finding))
    if errors := [_written(finding) for finding in findings if finding.severity is Severity.ERROR]:
        raise ProvisioningTemplatesBreakRules(errors)


def _written(finding: Finding) -> str:
    name, slash, place = finding.path.partition("/")
    return f"{name}: {replace(finding, path=slash + place)}"
