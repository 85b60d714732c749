"""Rules about the CAs of just-in-time provisioning and registration."""

from collections.abc import Iterator

from ..finding import Severity
from ..template_type import TemplateType
from .context import CertificateAuthority
from .registry import API, GUIDE, Evidence, Problem, rule


@rule(
    "DP043",
    "a CA in DEFAULT mode has a verification certificate, one in SNI_ONLY mode has none",
    subject=CertificateAuthority,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=f"{API}API_RegisterCACertificate.html",
    hint="give VerificationCertificatePem with CertificateMode DEFAULT, and leave it out with SNI_ONLY",
)
def verification(authority: CertificateAuthority) -> Iterator[Problem]:
    """DEFAULT is the default."""
    mode, given = authority.certificate_mode or "DEFAULT", authority.has_verification_certificate
    if (mode == "DEFAULT" and not given) or (mode == "SNI_ONLY" and given):
        yield Problem(
            authority.path, f"the mode is {mode} and the verification certificate is {_given(given)}"
        )


def _given(given: object) -> str:
    return "given" if given else "not given"


@rule(
    "DP044",
    "a CA names a JITP template, or has a body and a role",
    subject=CertificateAuthority,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=f"{GUIDE}jit-provisioning.html",
    hint="give TemplateName of a template of type JITP, or TemplateBody with RoleArn",
)
def registration_config(authority: CertificateAuthority) -> Iterator[Problem]:
    """The guide shows these two forms; what a mixture does is not documented."""
    if not authority.has_registration_config:
        return
    path, name, body = (
        f"{authority.path}/RegistrationConfig",
        authority.template_name,
        authority.template_body,
    )
    if (name is None) == (body is None):
        yield Problem(
            path, "TemplateName and TemplateBody are both given" if name else "there is no template"
        )
    elif body is not None and authority.role_arn is None:
        yield Problem(path, "TemplateBody is given without RoleArn")
    elif name is not None and authority.role_arn is not None:
        yield Problem(path, "RoleArn is given with TemplateName (what that does is not documented)")
    kind = (
        authority.template_types.get(name, TemplateType.JITP) if isinstance(name, str) else TemplateType.JITP
    )
    if kind is not TemplateType.JITP:
        yield Problem(f"{path}/TemplateName", f"{name!r} is of type {kind}")


@rule(
    "DP045",
    "a CA whose devices register on their own is active and registers automatically",
    subject=CertificateAuthority,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=f"{GUIDE}auto-register-device-cert.html",
    hint="set Status to ACTIVE and AutoRegistrationStatus to ENABLE",
)
def automatic(authority: CertificateAuthority) -> Iterator[Problem]:
    """Otherwise a new device can't connect at all."""
    wanted = authority.has_registration_config or authority.registers_automatically
    missing = [
        text
        for text, value in (
            ("is not active", authority.is_active),
            ("does not register automatically", authority.registers_automatically),
        )
        if not value
    ]
    if wanted and missing:
        yield Problem(authority.path, f"the CA {' and '.join(missing)}")
