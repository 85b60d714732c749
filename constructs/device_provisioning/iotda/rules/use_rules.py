"""Rules about what surrounds a template: device CA certificates, and other templates."""

from collections.abc import Iterator

from ...aws_iot.finding import Severity
from ...aws_iot.rules.registry import Evidence, Problem, rule
from ...aws_iot.unresolved import is_unresolved
from ..limits import MAX_TEMPLATES
from .subject import CREATE, PAGES, DeviceCa, Template

_MARK = "-----BEGIN CERTIFICATE-----"
_END = "-----END CERTIFICATE-----"


@rule(
    "DP214",
    "a template is bound to a device CA certificate",
    subject=Template,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=CREATE,
    hint="bind it with IotdaDeviceCa or with Update a CA Certificate",
)
def bound(template: Template) -> Iterator[Problem]:
    """It has no effect before."""
    if template.context.has_device_ca is False:
        message = "no device CA certificate is bound to the template, and without one it has no effect"
        yield Problem(template.context.path, message)


@rule(
    "DP215",
    "an instance has at most 10 pre-provisioning templates",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=CREATE,
    hint="delete one that is not used, or use parameters in place of templates",
)
def templates_on_instance(template: Template) -> Iterator[Problem]:
    """The user manual says per account; the page of the API says per instance."""
    count = template.context.templates_on_instance
    if count is not None and count > MAX_TEMPLATES:
        yield Problem(template.context.path, f"the instance would have {count} templates")


@rule(
    "DP216",
    "devices register on their own only through a template",
    subject=DeviceCa,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=f"{PAGES}UpdateCertificate.html",
    hint="give template_id, or leave provision_enable out",
)
def provisioning_with_template(authority: DeviceCa) -> Iterator[Problem]:
    """``provision_enable`` has to be used together with a pre-provisioning template."""
    if authority.provision_enable is True and not authority.has_template:
        yield Problem(
            f"{authority.path}/provision_enable", "provision_enable is on, and no template is bound"
        )


@rule(
    "DP217",
    "a device CA is given as a certificate in PEM, and verified by one",
    subject=DeviceCa,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=f"{PAGES}iot_06_v5_0018.html",
    hint=f"give the text from {_MARK} to {_END}, without a private key",
)
def certificate_form(authority: DeviceCa) -> Iterator[Problem]:
    """IoTDA answers IOTDA.014301 to anything else. It never needs a private key."""
    for name in ("content", "verification_certificate"):
        text = getattr(authority, name)
        if text is None or is_unresolved(text):
            continue
        if not isinstance(text, str) or _MARK not in text or _END not in text:
            yield Problem(f"{authority.path}/{name}", f"{name} is not a certificate in PEM")
        elif "PRIVATE KEY" in text:
            yield Problem(f"{authority.path}/{name}", f"{name} contains a private key")
