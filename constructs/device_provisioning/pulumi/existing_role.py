"""The rules about an existing role, checked as soon as its documents are known."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from ..aws_iot import Context, Definition, Finding, Role, TemplateType, check
from .findings import report

UNSEEN = (
    "the role has no inline policies of its own, and what resources of their own attach to it is not known"
    " here, so it was not checked whether the role allows what the body needs"
)


def judged_role_arn(
    component: pulumi.Resource,
    role: aws.iam.Role,
    *,
    template_name: pulumi.Output[str],
    template_type: TemplateType,
    body: pulumi.Output[dict[str, Any]],
    silenced: Mapping[str, str],
) -> pulumi.Output[str]:
    """The ARN of a role, once the rules have no error to report about it; warnings belong to the deployment.

    The trust is judged, and the policies that the role itself holds. ``aws.iam.RolePolicy`` and
    ``aws.iam.RolePolicyAttachment`` are resources of their own that a role does not name.

    Args:
        component: The component that the findings are of.
        role: The role.
        template_name: The name of the template that needs it.
        template_type: The type of the body.
        body: The body that is applied with the role.
        silenced: Codes of rules that don't apply, each with the reason.
    """

    def judge(known: Role, name: str, document: Mapping[str, Any]) -> Sequence[Finding]:
        context = Context(Definition(name, enabled=True), role=known)
        findings = check(document, template_type, context=context, silenced=silenced)
        return [finding for finding in findings if finding.path == known.path]

    def judge_trust(trust: str, name: str, document: Mapping[str, Any]) -> None:
        report(component, judge(Role(trust=json.loads(trust)), name, document))

    def judge_policies(
        inline: Sequence[Any] | None, managed: Sequence[str] | None, name: str, document: Mapping[str, Any]
    ) -> None:
        policies = [json.loads(text) for text in map(_document, inline or []) if text]
        if policies or managed:
            held = Role(policies=policies, managed_policy_arns=managed or [])
            report(component, judge(held, name, document))
        else:
            pulumi.log.info(UNSEEN, component)

    # Apart, because the trust may be known in a preview that does not know the policies.
    judged = [
        _when_known(judge_trust, role.assume_role_policy, template_name, body),
        _when_known(judge_policies, role.inline_policies, role.managed_policy_arns, template_name, body),
    ]
    return pulumi.Output.all(role.arn, *judged).apply(lambda known: str(known[0]))


def _when_known(judge: Callable[..., None], *inputs: pulumi.Output[Any]) -> pulumi.Output[None]:
    return pulumi.Output.all(*inputs).apply(lambda known: judge(*known))


def _document(policy: Any) -> str | None:
    text = policy.get("policy") if isinstance(policy, Mapping) else policy.policy
    return str(text) if text else None
