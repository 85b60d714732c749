"""A certificate authority of your own whose devices AWS IoT accepts."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ..aws_iot import CertificateAuthority as AuthoritySettings
from ..aws_iot import check_certificate_authority
from ..aws_iot.certificate_mode import CertificateMode, require_certificates
from ..aws_iot.tags import require_tags
from .documents import now_or_later
from .findings import report
from .settings import settings_of


class CertificateAuthorityArgs(TypedDict):
    """Settings of a certificate authority."""

    certificate_pem: pulumi.Input[str]
    """The CA's certificate in PEM, never its key."""
    verification_certificate_pem: NotRequired[pulumi.Input[str]]
    """A certificate that the CA issued to your account's registration code, as ``device-provisioning ca
    verification-certificate`` makes it; for ``DEFAULT`` mode only."""
    certificate_mode: NotRequired[CertificateMode]
    """``DEFAULT`` with a verification certificate, ``SNI_ONLY`` without one, by default."""
    active: NotRequired[pulumi.Input[bool]]
    """Whether the CA's devices are accepted; yes by default."""
    automatic_registration: NotRequired[pulumi.Input[bool]]
    """Whether AWS IoT registers a certificate that it sees for the first time; only with a template by
    default."""
    template_name: NotRequired[pulumi.Input[str]]
    """The name of the JITP template that new devices are provisioned through; none by default."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the CA; none by default."""
    silenced_rules: NotRequired[dict[str, str]]
    """Codes of rules that don't apply to this CA, each with the reason."""


class CertificateAuthority(pulumi.ComponentResource):
    """Define a CA of yours, so that AWS IoT accepts devices whose certificates it signed.

    Args:
        name: The name of the resource.
        args: The settings.
        opts: Options of the resource.

    Attributes:
        resource: The CA's certificate.

    Raises:
        ValueError: If a certificate is not one or contains a private key, or if mode and verification
            certificate contradict each other.

    Example::

        CertificateAuthority("factory", {"certificate_pem": Path("ca.pem").read_text()})
    """

    certificate_id: pulumi.Output[str]
    """The id of the CA's certificate."""
    certificate_arn: pulumi.Output[str]
    """The ARN of the CA's certificate."""

    def __init__(
        self, name: str, args: CertificateAuthorityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args = settings_of(CertificateAuthorityArgs, args, name)
        super().__init__("device-provisioning:index:CertificateAuthority", name, {}, opts)
        verification = args.get("verification_certificate_pem")
        now_or_later(require_tags, tags=args.get("tags"))
        require_certificates(args["certificate_pem"], verification)
        template_name = args.get("template_name")
        implied = CertificateMode.DEFAULT if verification else CertificateMode.SNI_ONLY
        mode = str(args.get("certificate_mode", implied))
        active = args.get("active", True)
        registers = args.get("automatic_registration", template_name is not None)
        settings = AuthoritySettings(
            certificate_mode=mode,
            has_verification_certificate=bool(verification),
            is_active=active,
            registers_automatically=registers,
            template_name=template_name,
            has_registration_config=template_name is not None,
        )
        report(self, check_certificate_authority(settings, silenced=args.get("silenced_rules")))
        self.resource = aws.iot.CaCertificate(
            f"{name}-ca",
            ca_certificate_pem=args["certificate_pem"],
            verification_certificate_pem=verification,
            certificate_mode=mode,
            active=active,
            allow_auto_registration=registers,
            registration_config={"template_name": template_name} if template_name else None,
            tags=args.get("tags"),
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=self._changed_elsewhere()),
        )
        self.certificate_id, self.certificate_arn = self.resource.id, self.resource.arn
        self.register_outputs({"certificateId": self.certificate_id, "certificateArn": self.certificate_arn})

    def _changed_elsewhere(self) -> list[str]:
        """What somebody else changes of the CA, so that it is neither drift nor to be undone."""
        return []
