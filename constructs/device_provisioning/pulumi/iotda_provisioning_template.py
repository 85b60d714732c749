"""A pre-provisioning template of Huawei Cloud IoTDA."""

from typing import Any, NotRequired, TypedDict

import pulumi

from ..fleet.generated_name import generated_name
from ..iotda import Context, check
from ..iotda.limits import TEMPLATE_NAME
from ..pulumi_providers.iotda_provisioning_template import PreProvisioningTemplate
from .documents import canonical
from .findings import report
from .settings import settings_of


class IotdaInstanceArgs(TypedDict):
    """Where an instance of IoTDA is.

    The credentials come from the stack's configuration, ``huaweicloud:accessKey`` and
    ``huaweicloud:secretKey`` or ``huaweicloud:token``, which have to be secrets there, or from
    ``HUAWEICLOUD_SDK_AK`` and ``HUAWEICLOUD_SDK_SK`` in the environment.
    """

    project_id: pulumi.Input[str]
    """The project of the Region."""
    region: NotRequired[pulumi.Input[str]]
    """The Region, such as ``cn-north-4``. It may be left out only with a token and an endpoint."""
    endpoint: NotRequired[pulumi.Input[str]]
    """The instance's own host, which the console shows; the Region's by default."""
    instance_id: NotRequired[pulumi.Input[str]]
    """The instance; professional editions need it, and it is recommended otherwise."""


class IotdaProvisioningTemplateArgs(TypedDict):
    """Settings of a pre-provisioning template."""

    instance: IotdaInstanceArgs
    """The instance, which takes 10 templates."""
    body: pulumi.Input[dict[str, Any]]
    """The template body as a JSON document, such as ``document`` of a ``TemplateBody``."""
    template_name: NotRequired[pulumi.Input[str]]
    """Up to 128 letters, digits, ``_`` and ``-``; by default a name is generated that stays as long as the
    template does."""
    description: NotRequired[pulumi.Input[str]]
    """Up to 2048 letters, digits and ``_?'#().,&%@!-``; none by default."""
    silenced_rules: NotRequired[dict[str, str]]
    """Codes of rules that don't apply to this template, each with the reason."""


class IotdaProvisioningTemplate(pulumi.ComponentResource):
    """Define a pre-provisioning template: devices whose certificate a bound CA signed register on their own.

    The body is checked by the rules of ``docs/rules.md`` here and now, and once more when everything in it is
    known. Body and description change in place, another name makes another template.

    Args:
        name: The name of the resource.
        args: The settings.
        opts: Options of the resource.

    Attributes:
        resource: The resource of the dynamic provider.

    Raises:
        ValueError: With every problem of the settings and of the body.

    Example::

        body = TemplateBody(
            device=Device(node_id=ref(CertificateField.COMMON_NAME), product_id="642bf260f2f9030e44210d8d")
        )
        IotdaProvisioningTemplate("pumps", {"instance": instance, "body": body.document})
    """

    template_id: pulumi.Output[str]
    """The id of the template, which a device CA is bound to."""
    template_name: pulumi.Output[str]
    """The name of the template."""

    def __init__(
        self, name: str, args: IotdaProvisioningTemplateArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args = settings_of(IotdaProvisioningTemplateArgs, args, name)
        super().__init__("device-provisioning:index:IotdaProvisioningTemplate", name, {}, opts)
        _check(self, args)
        body = pulumi.Output.from_input(args["body"]).apply(canonical)
        self.resource = PreProvisioningTemplate(
            f"{name}-template",
            template_name=args.get("template_name"),
            proposed_name=_proposed_name(name),
            template_body=pulumi.Output.json_dumps(body, separators=(",", ":"), ensure_ascii=False),
            description=args.get("description"),
            silenced_rules=args.get("silenced_rules", {}),
            instance=args["instance"],
            parent=self,
        )
        self.template_id = self.resource.id
        self.template_name = self.resource.template_name
        self.register_outputs({"templateId": self.template_id, "templateName": self.template_name})


def _check(component: pulumi.Resource, args: IotdaProvisioningTemplateArgs) -> None:
    body = args["body"]
    if isinstance(body, dict):
        context = Context(args.get("template_name"), args.get("description"))
        report(component, check(canonical(body), context=context, silenced=args.get("silenced_rules")))


def _proposed_name(name: str) -> str:
    path = "/".join([pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack(), name])
    return generated_name(path, longest=TEMPLATE_NAME.longest)
