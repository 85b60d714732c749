"""A provisioning template with its role and the order that AWS IoT needs."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from aws_cdk import ArnFormat, Names, Resource, Stack, Tags
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_iot as iot
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from ..aws_iot import Context, Definition, FleetTemplate, Hook, JitpTemplate, TemplateType
from ..aws_iot.device_policy_settings import require_template_name
from ..aws_iot.limits import HOOK_PAYLOAD_VERSION, TEMPLATE_NAME
from ..aws_iot.listed_parameters import require_agreeing_hook
from ..aws_iot.provisioning_role import (
    MANAGED_REGISTRATION_POLICY,
    provisioning_role_policy,
    provisioning_role_trust,
)
from ..aws_iot.statements import Document
from ..aws_iot.tags import require_tags
from ..aws_iot.template_policies import create_claim_policy, describe_template_policy
from ..aws_iot.touched_resources import touched_resources
from ..fleet.choices import (
    require_hook_of_settings,
    require_prefix_that_narrows,
    require_template_choices,
)
from .declared_template import keep_declared
from .findings import report_findings, report_findings_about_role, report_what_has_to_exist
from .json_text import json_of
from .names import require_name_once
from .neighbours import wait_for_neighbours
from .places import environment_of, put
from .pre_provisioning_hook import PreProvisioningHook
from .service_role import ServiceRole, arn_of, view_of
from .setting_types import checked


class ProvisioningTemplateBase(Resource):
    """What a template offers whether it is defined here or elsewhere."""

    template_name: str
    template_arn: str

    def grant_create_claim(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a trusted user's application create claims that live five minutes.

        https://docs.aws.amazon.com/iot/latest/developerguide/provision-wo-cert.html
        """
        return self._grant(grantee, create_claim_policy(self.template_arn))

    def grant_describe(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody read the template and its versions."""
        return self._grant(grantee, describe_template_policy(self.template_arn))

    def metric_register_thing_failed(self, **options: Any) -> cloudwatch.Metric:
        """Failed registrations through this template: the sum over five minutes by default.

        https://docs.aws.amazon.com/iot/latest/developerguide/metrics_dimensions.html
        """
        return _metric("RegisterThingFailed", {"TemplateName": self.template_name}, options)

    def metric_things_registered(self, claim_certificate_id: str, **options: Any) -> cloudwatch.Metric:
        """Things registered with one claim certificate so far, about: AWS IoT counts them up.

        https://docs.aws.amazon.com/iot/latest/developerguide/metrics_dimensions.html
        """
        dimensions = {"ClaimCertificateId": claim_certificate_id}
        return _metric("ApproximateNumberOfThingsRegistered", dimensions, {"statistic": "Maximum", **options})

    @staticmethod
    def metric_create_keys_and_certificate_failed(**options: Any) -> cloudwatch.Metric:
        """Failed CreateKeysAndCertificate calls of the whole account and Region."""
        return _metric("CreateKeysAndCertificateFailed", {}, options)

    @staticmethod
    def metric_create_certificate_from_csr_failed(**options: Any) -> cloudwatch.Metric:
        """Failed CreateCertificateFromCsr calls of the whole account and Region."""
        return _metric("CreateCertificateFromCsrFailed", {}, options)

    def _grant(self, grantee: iam.IGrantable, document: Document) -> iam.Grant:
        (statement,) = map(iam.PolicyStatement.from_json, document["Statement"])
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=statement.actions, resource_arns=statement.resources
        )


class ProvisioningTemplate(ProvisioningTemplateBase):
    """Define a provisioning template, the role that AWS IoT applies it with, and the hook's permission.

    After each change a function brings the deployed template to what is declared, where CloudFormation's own
    resource does not: the declared body is the default version, at most three versions stay, and a hook that
    is not declared any more is gone.

    The body is checked by the rules of ``docs/rules.md`` here and now: all errors stop synthesis together,
    warnings become annotations.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        body: The template body; a ``FleetTemplate`` or a ``JitpTemplate``.
        template_name: 1 to 36 letters, digits, ``_`` and ``-``; by default a name is generated that stays the
            same from synthesis to synthesis and changes with the type, which AWS IoT cannot change in place.
        template_type: The body's own type by default; anything else is refused.
        role: The role that AWS IoT assumes; by default one is created that only this template can use and
            that may touch only what the body shows.
        thing_name_prefix: What the names of things begin with: the created role can touch no other things; by
            default it can touch those that the body shows.
        hook: The pre-provisioning hook; none by default, and never for a JITP template.
        device_parameters: Parameters that a device may choose although its thing is made of them; by default
            none: the hook of this library has to take what they are made of from the list.
        description: Up to 500 characters without line breaks; none by default.
        enabled: Whether devices may register; yes by default, and always sent.
        tags: Tags of the template; none by default.
        use_managed_registration_policy: Whether the created role gets ``AWSIoTThingsRegistration``, which
            allows every registration action on every resource; no by default.
        silenced_rules: Codes of rules that don't apply to this template, each with the reason.

    Attributes:
        template_arn: The ARN of the template.
        resource: The template as a ``CfnProvisioningTemplate``.

    Raises:
        ValueError: With every problem of the settings and of the body.

    Example::

        body = FleetTemplate(
            parameters={"SerialNumber": Parameter()},
            thing=Thing(thing_name=ref("SerialNumber")),
            policies=[Policy(policy_name="sensor")],
        )
        ProvisioningTemplate(self, "Template", body=body)
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        body: FleetTemplate | JitpTemplate,
        template_name: str | None = None,
        template_type: TemplateType | None = None,
        role: iam.IRole | None = None,
        thing_name_prefix: str | None = None,
        hook: PreProvisioningHook | None = None,
        device_parameters: Sequence[str] = (),
        description: str | None = None,
        enabled: bool = True,
        tags: Mapping[str, str] | None = None,
        use_managed_registration_policy: bool = False,
        silenced_rules: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        put(self, scope, construct_id)
        require_template_choices(
            template_type, body.template_type, type(body).__name__, role, use_managed_registration_policy
        )
        require_prefix_that_narrows(thing_name_prefix, role, use_managed_registration_policy)
        require_hook_of_settings(hook, device_parameters=device_parameters)
        require_name_once(self, "template_name", template_name)
        require_tags(tags)
        self.template_name = _name(self, template_name, body.template_type)
        self.template_arn = environment_of(self).template_arn(self.template_name)
        self.body = body
        settings = Definition(self.template_name, description, enabled)
        context = Context(settings, _known_of(hook) if hook else None)
        report_findings(self, body, context, silenced_rules)
        if hook and hook.serial_number_parameter:
            require_agreeing_hook(
                body.document,
                hook.serial_number_parameter,
                hook.listed_parameters,
                device_parameters,
                attested=hook.attestation is not None,
            )
        if role:
            report_findings_about_role(self, body, context, role, silenced_rules)
        # Beside the template, which may wait for its list: whose devices wait for the right to pass the role.
        self._role = role or self._create_role(
            scope, f"{construct_id}Role", thing_name_prefix, use_managed_registration_policy
        )
        self._role_arn = arn_of(self._role)
        self.hook = hook
        text = json_of(self, body.document)
        self.resource = iot.CfnProvisioningTemplate(
            self,
            "Resource",
            provisioning_role_arn=self._role_arn,
            template_body=text,
            template_name=self.template_name,
            template_type=str(body.template_type),
            enabled=enabled,
            description=description,
            pre_provisioning_hook=self._hook_property(),
        )
        if role:
            self.resource.node.add_dependency(role)
        if hook:
            self.resource.add_resource_dependency(self._permit_invocation(hook))
        self._keep_declared(text)
        wait_for_neighbours(
            self,
            touched_resources(body.document),
            lambda beside: report_what_has_to_exist(self, body, context, beside, silenced_rules),
        )
        for key, value in (tags or {}).items():
            Tags.of(self.resource).add(key, value)

    @cached_property
    def role(self) -> iam.IRole:
        """The role that AWS IoT applies the template with."""
        return view_of(self._role)

    @staticmethod
    def from_template_name(
        scope: Construct, construct_id: str, template_name: str
    ) -> ProvisioningTemplateBase:
        """Import a template of this account and Region by its name.

        Raises:
            ValueError: If AWS IoT does not accept the name.
        """
        require_template_name(template_name)
        return _ImportedTemplate(scope, construct_id, template_name)

    @staticmethod
    def from_template_arn(scope: Construct, construct_id: str, template_arn: str) -> ProvisioningTemplateBase:
        """Import a template by its ARN."""
        arn = Stack.of(scope).split_arn(template_arn, ArnFormat.SLASH_RESOURCE_NAME)
        return _ImportedTemplate(scope, construct_id, str(arn.resource_name), template_arn)

    def _create_role(
        self,
        scope: Construct,
        construct_id: str,
        thing_name_prefix: str | None,
        use_managed_registration_policy: bool,
    ) -> ServiceRole:
        environment = environment_of(self)
        managed = f"arn:{environment.partition}:iam::aws:policy/{MANAGED_REGISTRATION_POLICY}"
        return ServiceRole(
            scope,
            construct_id,
            trust=provisioning_role_trust(self.template_name, environment),
            policy=provisioning_role_policy(self.body.document, environment, thing_name_prefix),
            description=f"AWS IoT applies the provisioning template {self.template_name} with this role",
            managed_policy_arns=[managed] if use_managed_registration_policy else None,
        )

    def _hook_property(self) -> iot.CfnProvisioningTemplate.ProvisioningHookProperty | None:
        if not self.hook:
            return None
        return iot.CfnProvisioningTemplate.ProvisioningHookProperty(
            payload_version=HOOK_PAYLOAD_VERSION, target_arn=self.hook.function_arn
        )

    def _keep_declared(self, template_body: str) -> None:
        hook = None
        if self.hook:
            hook = {"PayloadVersion": HOOK_PAYLOAD_VERSION, "TargetArn": self.hook.function_arn}
        keep_declared(
            self,
            template_name=self.resource.ref,
            template_arn=self.template_arn,
            template_body=template_body,
            role_arn=self._role_arn,
            hook=hook,
        )

    def _permit_invocation(self, hook: PreProvisioningHook) -> lambda_.CfnPermission:
        # AWS IoT tries the permission when the template is created, so the template comes after it and the
        # ARN is made of the template's name: asking the template for it would be a cycle.
        return lambda_.CfnPermission(
            self,
            "HookPermission",
            action="lambda:InvokeFunction",
            function_name=hook.function_arn,
            principal="iot.amazonaws.com",
            source_account=environment_of(self).account,
            source_arn=self.template_arn,
        )


class _ImportedTemplate(ProvisioningTemplateBase):
    def __init__(
        self, scope: Construct, construct_id: str, template_name: str, template_arn: str | None = None
    ) -> None:
        super().__init__(scope, construct_id)
        self.template_name = template_name
        self.template_arn = template_arn or environment_of(self).template_arn(template_name)


def _known_of(hook: PreProvisioningHook) -> Hook:
    return Hook(
        serial_number_parameter=hook.serial_number_parameter,
        serial_number_pattern=hook.serial_number_pattern,
        listed_parameters=hook.listed_parameters if hook.serial_number_parameter else None,
    )


def _name(scope: Construct, given: str | None, template_type: TemplateType) -> str:
    if given is not None:
        return given
    ending = "-JITP" if template_type is TemplateType.JITP else ""
    room = TEMPLATE_NAME.longest - len(ending)
    return Names.unique_resource_name(scope, max_length=room, allowed_special_characters="_-") + ending


def _metric(name: str, dimensions: Mapping[str, str], options: Mapping[str, Any]) -> cloudwatch.Metric:
    settings = {"statistic": "Sum", **options}
    return cloudwatch.Metric(
        namespace="AWS/IoT", metric_name=name, dimensions_map=dict(dimensions), **settings
    )
