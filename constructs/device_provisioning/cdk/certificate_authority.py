"""A certificate authority of your own whose devices AWS IoT accepts."""

from collections.abc import Mapping

from aws_cdk import Resource, Tags
from aws_cdk import aws_iot as iot
from constructs import Construct

from ..aws_iot import CertificateAuthority as AuthoritySettings
from ..aws_iot import TemplateType, check_certificate_authority
from ..aws_iot.certificate_mode import CertificateMode, require_certificates
from ..aws_iot.tags import require_tags
from .findings import report
from .provisioning_template import ProvisioningTemplate, ProvisioningTemplateBase
from .setting_types import checked


class CertificateAuthority(Resource):
    """Define a CA of yours, so that AWS IoT accepts devices whose certificates it signed.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        certificate_pem: The CA's certificate in PEM, never its key.
        verification_certificate_pem: A certificate that the CA issued to your account's registration code, as
            ``device-provisioning ca verification-certificate`` makes it; for ``DEFAULT`` mode only.
        certificate_mode: ``DEFAULT`` with a verification certificate, ``SNI_ONLY`` without one, by default.
        active: Whether the CA's devices are accepted; yes by default.
        automatic_registration: Whether AWS IoT registers a certificate that it sees for the first time; only
            with a template by default.
        template: The JITP template that new devices are provisioned through; none by default.
        tags: Tags of the CA; none by default.
        silenced_rules: Codes of rules that don't apply to this CA, each with the reason.

    Attributes:
        resource: The CA as a ``CfnCACertificate``.
        certificate_id: The id of the CA's certificate.
        certificate_arn: The ARN of the CA's certificate.

    Raises:
        ValueError: If a certificate is not one or contains a private key, if mode and verification
            certificate contradict each other, or if the template is not of type JITP.

    Example::

        CertificateAuthority(self, "Factory", certificate_pem=Path("ca.pem").read_text())
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        certificate_pem: str,
        verification_certificate_pem: str | None = None,
        certificate_mode: CertificateMode | None = None,
        active: bool = True,
        automatic_registration: bool | None = None,
        template: ProvisioningTemplateBase | None = None,
        tags: Mapping[str, str] | None = None,
        silenced_rules: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        require_tags(tags)
        require_certificates(certificate_pem, verification_certificate_pem)
        implied = CertificateMode.DEFAULT if verification_certificate_pem else CertificateMode.SNI_ONLY
        mode = certificate_mode or implied
        registers = bool(template) if automatic_registration is None else automatic_registration
        settings = AuthoritySettings(
            certificate_mode=str(mode),
            has_verification_certificate=bool(verification_certificate_pem),
            is_active=active,
            registers_automatically=registers,
            template_name=template.template_name if template else None,
            has_registration_config=template is not None,
            template_types=_types(template),
        )
        report(self, check_certificate_authority(settings, silenced=silenced_rules))
        self.resource = iot.CfnCACertificate(
            self,
            "Resource",
            ca_certificate_pem=certificate_pem,
            verification_certificate_pem=verification_certificate_pem,
            certificate_mode=str(mode),
            status="ACTIVE" if active else "INACTIVE",
            auto_registration_status="ENABLE" if registers else "DISABLE",
            registration_config=_registration_config(template),
        )
        if template:
            self.resource.node.add_dependency(template)
        for key, value in (tags or {}).items():
            Tags.of(self.resource).add(key, value)
        self.certificate_id = self.resource.attr_id
        self.certificate_arn = self.resource.attr_arn


def _types(template: ProvisioningTemplateBase | None) -> dict[str, TemplateType]:
    if isinstance(template, ProvisioningTemplate):
        return {template.template_name: template.body.template_type}
    return {}


def _registration_config(
    template: ProvisioningTemplateBase | None,
) -> iot.CfnCACertificate.RegistrationConfigProperty | None:
    if not template:
        return None
    return iot.CfnCACertificate.RegistrationConfigProperty(template_name=template.template_name)
