"""A pre-provisioning template of Huawei Cloud IoTDA."""

from collections.abc import Mapping

import jsii
from aws_cdk import Names, Stack
from constructs import Construct, IValidation

from ..iotda import Context, TemplateBody, check
from .findings import report
from .iotda_instance import IotdaInstance
from .setting_types import checked

_UNBOUND = "DP214"


class IotdaProvisioningTemplateBase(Construct):
    """What a template offers whether it is defined here or elsewhere."""

    template_id: str

    def bound(self) -> None:
        """Note that a device CA certificate is bound to the template."""


class IotdaProvisioningTemplate(IotdaProvisioningTemplateBase):
    """Define a pre-provisioning template: devices whose certificate a bound CA signed register on their own.

    The body is checked by the rules of ``docs/rules.md`` here and now: all errors stop synthesis together,
    warnings become annotations. Body and description change in place, another name makes another template.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        instance: The instance, which takes 10 templates.
        body: The template body.
        template_name: Up to 128 letters, digits, ``_`` and ``-``; by default a name is generated that stays
            the same from synthesis to synthesis.
        description: Up to 2048 letters, digits and ``_?'#().,&%@!-``; none by default.
        silenced_rules: Codes of rules that don't apply to this template, each with the reason.

    Attributes:
        resource: The custom resource.
        template_id: The id that IoTDA gave the template.

    Raises:
        ValueError: With every problem of the settings and of the body.

    Example::

        body = TemplateBody(
            device=Device(node_id=ref(CertificateField.COMMON_NAME), product_id="642bf260f2f9030e44210d8d")
        )
        IotdaProvisioningTemplate(self, "Pumps", instance=instance, body=body)
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        instance: IotdaInstance,
        body: TemplateBody,
        template_name: str | None = None,
        description: str | None = None,
        silenced_rules: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.instance = instance
        self.body = body
        self.template_name = template_name or Names.unique_resource_name(self, max_length=128, separator="-")
        self._silenced = silenced_rules
        self._is_bound = False
        self._around = Context(
            template_name=self.template_name,
            description=description,
            has_device_ca=True,
            templates_on_instance=instance.add_template(self.template_name),
        )
        report(self, check(body.document, context=self._around, silenced=silenced_rules))
        self.resource = instance.resource(
            self,
            "Custom::IotdaProvisioningTemplate",
            {
                "TemplateName": self.template_name,
                "TemplateBody": Stack.of(self).to_json_string(body.document),
                "Description": description,
            },
        )
        self.template_id = self.resource.ref
        self.node.add_validation(_BoundTemplate(self))

    @staticmethod
    def from_template_id(
        scope: Construct, construct_id: str, template_id: str
    ) -> IotdaProvisioningTemplateBase:
        """Import a template by its id, which the console shows."""
        return _ImportedTemplate(scope, construct_id, template_id)

    def bound(self) -> None:
        """Note that a device CA certificate is bound to the template."""
        self._is_bound = True

    def tell_if_unbound(self) -> None:
        """Warn that the template has no effect, if no device CA certificate is bound to it."""
        around = Context(has_device_ca=self._is_bound)
        findings = check(self.body.document, context=around, silenced=self._silenced)
        report(self, [finding for finding in findings if finding.code == _UNBOUND])


class _ImportedTemplate(IotdaProvisioningTemplateBase):
    def __init__(self, scope: Construct, construct_id: str, template_id: str) -> None:
        super().__init__(scope, construct_id)
        self.template_id = template_id


@jsii.implements(IValidation)
class _BoundTemplate:
    """Asked at synthesis: only then is all known that binds the template."""

    def __init__(self, template: IotdaProvisioningTemplate) -> None:
        self._template = template

    def validate(self) -> list[str]:
        self._template.tell_if_unbound()
        return []
