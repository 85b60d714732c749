"""A device CA certificate on Huawei Cloud IoTDA."""

from typing import NotRequired, TypedDict

import pulumi

from ..iotda import DeviceCa, check_device_ca
from ..pulumi_providers.iotda_device_ca import DeviceCaCertificate
from .findings import report
from .iotda_provisioning_template import IotdaInstanceArgs
from .settings import settings_of


class IotdaDeviceCaArgs(TypedDict):
    """Settings of a device CA."""

    instance: IotdaInstanceArgs
    """The instance, which takes 100 device CA certificates."""
    certificate: pulumi.Input[str]
    """The CA's certificate in PEM. Another one replaces it."""
    verification_certificate: NotRequired[pulumi.Input[str]]
    """The certificate in PEM that shows that its key is yours; by default the CA waits for it, unverified and
    bound to nothing."""
    template_id: NotRequired[pulumi.Input[str]]
    """The template that devices register through; none by default."""
    provision_enable: NotRequired[pulumi.Input[bool]]
    """Whether devices register through the template; yes by default if there is one."""
    app_id: NotRequired[pulumi.Input[str]]
    """The resource space; the instance's default one by default."""
    silenced_rules: NotRequired[dict[str, str]]
    """Codes of rules that don't apply to this CA, each with the reason."""


class IotdaDeviceCa(pulumi.ComponentResource):
    """Define a CA whose certificates devices bring: uploaded, verified, bound to a template.

    IoTDA gives an uploaded CA a verify code and wants a certificate that the CA signed for it. So deploy
    once, sign a certificate whose common name is ``verify_code``, give it as ``verification_certificate`` and
    deploy again: the CA is then verified, the template bound, and devices register. The CA's key never
    leaves your hands.

    Args:
        name: The name of the resource.
        args: The settings.
        opts: Options of the resource.

    Attributes:
        resource: The resource of the dynamic provider.

    Raises:
        ValueError: With every problem of the settings.

    Example::

        settings = {"instance": instance, "certificate": pem, "template_id": template.template_id}
        IotdaDeviceCa("factory", settings)
    """

    certificate_id: pulumi.Output[str]
    """The id of the CA certificate."""
    verify_code: pulumi.Output[str]
    """The common name that the verification certificate has to have."""
    verified: pulumi.Output[bool]
    """Whether IoTDA has seen that the CA's key is yours."""

    def __init__(
        self, name: str, args: IotdaDeviceCaArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args = settings_of(IotdaDeviceCaArgs, args, name)
        super().__init__("device-provisioning:index:IotdaDeviceCa", name, {}, opts)
        has_template = "template_id" in args
        settings = DeviceCa(
            args["certificate"],
            args.get("verification_certificate"),
            has_template,
            args.get("provision_enable"),
        )
        report(self, check_device_ca(settings, silenced=args.get("silenced_rules")))
        if has_template and "verification_certificate" not in args:
            pulumi.log.warn(
                "the device CA is uploaded but not verified, so its template is not bound: sign a"
                " certificate whose common name is its verify_code, give it as verification_certificate,"
                " and deploy again",
                self,
            )
        self.resource = DeviceCaCertificate(
            f"{name}-certificate",
            certificate=args["certificate"],
            verification_certificate=args.get("verification_certificate"),
            template_id=args.get("template_id"),
            provision_enable=args.get("provision_enable", has_template),
            app_id=args.get("app_id"),
            silenced_rules=args.get("silenced_rules", {}),
            instance=args["instance"],
            parent=self,
        )
        self.certificate_id = self.resource.id
        self.verify_code = self.resource.verify_code
        self.verified = self.resource.verified
        self.register_outputs(
            {
                "certificateId": self.certificate_id,
                "verifyCode": self.verify_code,
                "verified": self.verified,
            }
        )
