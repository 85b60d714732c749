"""A device CA certificate on Huawei Cloud IoTDA."""

from collections.abc import Mapping

from aws_cdk import Annotations
from constructs import Construct

from ..iotda import DeviceCa, check_device_ca
from ..iotda.certificate import certificate_identity
from .findings import report
from .iotda_instance import IotdaInstance
from .iotda_provisioning_template import IotdaProvisioningTemplateBase
from .setting_types import checked


class IotdaDeviceCa(Construct):
    """Define a CA whose certificates devices bring: uploaded, verified, bound to a template.

    IoTDA gives an uploaded CA a verify code and wants a certificate that the CA signed for it. So deploy
    once, sign a certificate whose common name is ``verify_code``, give it as ``verification_certificate`` and
    deploy again: the CA is then verified, the template bound, and devices register. The CA's key never
    leaves your hands.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        instance: The instance, which takes 100 device CA certificates.
        certificate: The CA's certificate in PEM. Another one replaces it.
        verification_certificate: The certificate in PEM that shows that its key is yours; by default the CA
            waits for it, unverified and bound to nothing.
        template: The template that devices register through; none by default.
        provision_enable: Whether devices register through the template; yes by default if there is one.
        app_id: The resource space; the instance's default one by default.
        silenced_rules: Codes of rules that don't apply to this CA, each with the reason.

    Attributes:
        resource: The custom resource.
        certificate_id: The id that IoTDA gave the certificate.
        verify_code: What a verification certificate has to carry as its common name.
        verified: Whether IoTDA has verified the CA, as ``true`` or ``false``.

    Raises:
        ImportError: If the package ``cryptography`` of the extra ``iotda`` is missing.
        ValueError: With every problem of the settings, or if the certificate has no common name.

    Example::

        pem = Path("ca.pem").read_text()
        IotdaDeviceCa(self, "Factory", instance=instance, certificate=pem, template=template)
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        instance: IotdaInstance,
        certificate: str,
        verification_certificate: str | None = None,
        template: IotdaProvisioningTemplateBase | None = None,
        provision_enable: bool | None = None,
        app_id: str | None = None,
        silenced_rules: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        settings = DeviceCa(certificate, verification_certificate, template is not None, provision_enable)
        report(self, check_device_ca(settings, silenced=silenced_rules))
        if template:
            template.bound()
            _report_what_is_left(self, verification_certificate)
        is_enabled = template is not None if provision_enable is None else provision_enable
        self.resource = instance.resource(
            self,
            "Custom::IotdaDeviceCa",
            {
                "Content": certificate,
                "Identity": certificate_identity(certificate)._asdict(),
                "VerificationCertificate": verification_certificate,
                "TemplateId": template.template_id if template else None,
                "ProvisionEnable": str(is_enabled).lower(),
                "AppId": app_id,
            },
        )
        self.certificate_id = self.resource.ref
        self.verify_code = self.resource.get_att("VerifyCode").to_string()
        self.verified = self.resource.get_att("Verified").to_string()


def _report_what_is_left(scope: Construct, verification_certificate: str | None) -> None:
    if not verification_certificate:
        Annotations.of(scope).add_warning_v2(
            "device-provisioning:unverified-device-ca",
            "the device CA is uploaded but not verified, so its template is not bound: sign a certificate"
            " whose common name is its verify_code, give it as verification_certificate, and deploy again",
        )
