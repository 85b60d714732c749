"""A provisioning template with its role and the order that AWS IoT needs."""

from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ..aws_iot import Context, Definition, Hook, TemplateType
from ..aws_iot.environment import Environment
from ..aws_iot.provisioning_role import (
    MANAGED_REGISTRATION_POLICY,
    provisioning_role_policy,
    provisioning_role_trust,
)
from ..aws_iot.tags import require_tags
from ..aws_iot.template_policies import create_claim_policy, describe_template_policy
from ..fleet.choices import (
    require_hook_of_settings,
    require_prefix_that_narrows,
    require_template_choices,
)
from ..pulumi_providers.generated_name import GeneratedName
from ..pulumi_providers.template import Template
from .documents import canonical, document_json, now_or_later
from .environment import environment_of
from .existing_role import judged_role_arn
from .findings import report_findings
from .judged_hook import judged_hook_arn
from .names import require_name_once
from .service_role import service_role
from .settings import settings_of


class ProvisioningTemplateArgs(TypedDict):
    """Settings of a provisioning template."""

    body: pulumi.Input[dict[str, Any]]
    """The template body as a JSON document, such as ``document`` of a ``FleetTemplate``."""
    template_name: NotRequired[pulumi.Input[str]]
    """1 to 36 letters, digits, ``_`` and ``-``; by default a name is generated that stays as long as the
    template does and changes with the type, which AWS IoT cannot change in place."""
    template_type: NotRequired[TemplateType]
    """What the body is written for: ``FLEET_PROVISIONING`` by default, or ``JITP``."""
    role: NotRequired[aws.iam.Role]
    """The role that AWS IoT assumes; by default one is created that only this template can use and that
    may touch only what the body shows. The rules check the trust and the inline policies of an existing
    role, but not what other resources attach to it."""
    thing_name_prefix: NotRequired[pulumi.Input[str]]
    """What the names of things begin with: the created role can touch no other things; by default it can
    touch those that the body shows."""
    hook: NotRequired[aws.lambda_.Function]
    """The function that AWS IoT asks first, ``function`` of a ``PreProvisioningHook``; none by default,
    and never for a JITP template."""
    device_parameters: NotRequired[list[str]]
    """Parameters that a device may choose although its thing is made of them; by default none: the hook of
    this library has to take what they are made of from the list."""
    description: NotRequired[pulumi.Input[str]]
    """Up to 500 characters without line breaks; none by default."""
    enabled: NotRequired[pulumi.Input[bool]]
    """Whether devices may register; yes by default, and always sent."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the template; none by default."""
    use_managed_registration_policy: NotRequired[bool]
    """Whether the created role gets ``AWSIoTThingsRegistration``, which allows every registration action
    on every resource; no by default."""
    silenced_rules: NotRequired[dict[str, str]]
    """Codes of rules that don't apply to this template, each with the reason."""


class ProvisioningTemplate(pulumi.ComponentResource):
    """Define a provisioning template, the role that AWS IoT applies it with, and the hook's permission.

    The body is checked by the rules of ``docs/rules.md`` here and now, and once more when everything in it is
    known: all errors stop the deployment together.

    Args:
        name: The name of the resource.
        args: The settings.
        opts: Options of the resource.

    Attributes:
        body: The body as canonical JSON.
        resource: The resource of the dynamic provider.

    Raises:
        ValueError: With every problem of the settings and of the body.

    Example::

        body = FleetTemplate(
            parameters={"SerialNumber": Parameter()},
            thing=Thing(thing_name=ref("SerialNumber")),
            policies=[Policy(policy_name="sensor")],
        )
        ProvisioningTemplate("template", {"body": body.document})
    """

    template_name: pulumi.Output[str]
    """The name of the template."""
    template_arn: pulumi.Output[str]
    """The ARN of the template."""
    role_arn: pulumi.Output[str]
    """The ARN of the role that AWS IoT assumes."""
    create_claim_policy: pulumi.Output[str]
    """A policy document as JSON, for a role or user of yours: it lets a trusted user's application create
    claims that live five minutes."""
    describe_policy: pulumi.Output[str]
    """A policy document as JSON, for a role or user of yours: it lets them read the template and its
    versions."""

    def __init__(
        self, name: str, args: ProvisioningTemplateArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args = settings_of(ProvisioningTemplateArgs, args, name)
        super().__init__("device-provisioning:index:ProvisioningTemplate", name, {}, opts)
        template_type = TemplateType(args.get("template_type", TemplateType.FLEET_PROVISIONING))
        require_name_once(self, name, "template_name", args.get("template_name"))
        self._check(args, template_type)
        environment = environment_of(self)
        self.template_name = self._template_name(name, args, template_type)
        self.template_arn = _template_arn(environment, self.template_name)
        self.body = pulumi.Output.from_input(args["body"]).apply(canonical)
        self.role, awaited = self._role_and_policies(name, args, environment)
        self.role_arn = self._judged_role_arn(args, template_type) if "role" in args else self.role.arn
        hook = args.get("hook")
        if hook:
            awaited = [*awaited, self._permit_invocation(name, hook, environment)]
        self.resource = Template(
            f"{name}-template",
            template_name=self.template_name,
            template_type=template_type,
            template_body=pulumi.Output.json_dumps(self.body, separators=(",", ":"), ensure_ascii=False),
            provisioning_role_arn=self.role_arn,
            hook_arn=self._judged_hook_arn(hook, args, template_type) if hook else None,
            description=args.get("description"),
            enabled=args.get("enabled", True),
            tags=args.get("tags"),
            silenced_rules=args.get("silenced_rules", {}),
            environment=environment,
            opts=pulumi.ResourceOptions(parent=self, depends_on=awaited),
        )
        self.create_claim_policy = document_json(create_claim_policy, template_arn=self.template_arn)
        self.describe_policy = document_json(describe_template_policy, template_arn=self.template_arn)
        self.register_outputs(
            {
                "templateName": self.template_name,
                "templateArn": self.template_arn,
                "roleArn": self.role_arn,
                "createClaimPolicy": self.create_claim_policy,
                "describePolicy": self.describe_policy,
            }
        )

    def _check(self, args: ProvisioningTemplateArgs, template_type: TemplateType) -> None:
        # There is no second type to contradict: the body is a plain document.
        require_template_choices(
            None,
            template_type,
            "",
            args.get("role"),
            args.get("use_managed_registration_policy", False),
        )
        require_prefix_that_narrows(
            args.get("thing_name_prefix"),
            args.get("role"),
            args.get("use_managed_registration_policy", False),
        )
        require_hook_of_settings(args.get("hook"), device_parameters=args.get("device_parameters"))
        now_or_later(require_tags, tags=args.get("tags"))
        body = args["body"]
        if isinstance(body, dict):
            settings = Definition(
                args.get("template_name"), args.get("description"), args.get("enabled", True)
            )
            context = Context(settings, Hook() if "hook" in args else None)
            report_findings(self, canonical(body), template_type, context, args.get("silenced_rules"))

    def _template_name(
        self, name: str, args: ProvisioningTemplateArgs, template_type: TemplateType
    ) -> pulumi.Output[str]:
        given = args.get("template_name")
        if given is not None:
            return pulumi.Output.from_input(given)
        return GeneratedName(f"{name}-name", of=name, template_type=template_type, parent=self).result

    def _role_and_policies(
        self, name: str, args: ProvisioningTemplateArgs, environment: pulumi.Output[Environment]
    ) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
        given = args.get("role")
        if given:
            return given, [given]
        role, permissions = service_role(
            f"{name}-role",
            parent=self,
            trust=document_json(
                provisioning_role_trust, template_name=self.template_name, environment=environment
            ),
            policy=document_json(
                provisioning_role_policy,
                body=self.body,
                environment=environment,
                thing_name_prefix=args.get("thing_name_prefix"),
            ),
            description=pulumi.Output.concat(
                "AWS IoT applies the provisioning template ", self.template_name, " with this role"
            ),
        )
        if not args.get("use_managed_registration_policy"):
            return role, [permissions]
        managed = aws.iam.RolePolicyAttachment(
            f"{name}-managed-registration-policy",
            role=role.name,
            policy_arn=environment.apply(
                lambda known: f"arn:{known.partition}:iam::aws:policy/{MANAGED_REGISTRATION_POLICY}"
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return role, [permissions, managed]

    def _judged_role_arn(
        self, args: ProvisioningTemplateArgs, template_type: TemplateType
    ) -> pulumi.Output[str]:
        return judged_role_arn(
            self,
            self.role,
            template_name=self.template_name,
            template_type=template_type,
            body=self.body,
            silenced=args.get("silenced_rules", {}),
        )

    def _judged_hook_arn(
        self, hook: aws.lambda_.Function, args: ProvisioningTemplateArgs, template_type: TemplateType
    ) -> pulumi.Output[str]:
        return judged_hook_arn(
            self,
            hook,
            body=self.body,
            template_type=template_type,
            device_parameters=args.get("device_parameters", []),
            silenced=args.get("silenced_rules", {}),
        )

    def _permit_invocation(
        self, name: str, hook: aws.lambda_.Function, environment: pulumi.Output[Environment]
    ) -> aws.lambda_.Permission:
        # AWS IoT tries the permission when the template is created, so the template comes after it and the
        # ARN is made of the template's name: asking the template for it would be a cycle.
        return aws.lambda_.Permission(
            f"{name}-hook-permission",
            action="lambda:InvokeFunction",
            function=hook.arn,
            principal="iot.amazonaws.com",
            source_account=environment.apply(lambda known: known.account),
            source_arn=self.template_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _template_arn(
    environment: pulumi.Output[Environment], template_name: pulumi.Output[str]
) -> pulumi.Output[str]:
    return pulumi.Output.all(environment, template_name).apply(lambda known: known[0].template_arn(known[1]))
