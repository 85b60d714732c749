"""A provisioning template, kept as it is declared."""

from collections.abc import Mapping

from constructs import Construct

from ..fleet.custom_resources import DECLARED_TEMPLATE
from .caretaker import take_care


def keep_declared(
    scope: Construct,
    *,
    template_name: str,
    template_arn: str,
    template_body: str,
    role_arn: str,
    hook: Mapping[str, str] | None = None,
) -> None:
    """Define what brings a deployed template to its declared state after each change of body or hook.

    CloudFormation's resource makes a version for each change of the body and may leave a hook in place that
    is not declared any more. Here the declared body is the default version, a body is one version only, at
    most three versions stay, and a hook that is not declared is removed.

    Args:
        scope: The construct of the template.
        template_name: The name, from the template's resource, so that this comes after it.
        template_arn: The ARN, made of the name.
        template_body: The declared body in JSON.
        role_arn: The role of the template.
        hook: ``PayloadVersion`` and ``TargetArn`` of the declared hook; none by default.
    """
    properties = {"TemplateName": template_name, "TemplateBody": template_body}
    take_care(
        scope,
        "Declared",
        DECLARED_TEMPLATE,
        rights={"template_arn": template_arn, "role_arn": role_arn},
        properties={**properties, "PreProvisioningHook": hook} if hook else properties,
    )
