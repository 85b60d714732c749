"""Checking: every rule that applies, all problems at once."""

from collections.abc import Iterator, Mapping
from typing import Any

from ...aws_iot.finding import Finding
from ...aws_iot.rules.registry import LATER, findings_of, not_checked
from ...aws_iot.template_text import is_too_deep, parse_body
from ...aws_iot.unresolved import unresolved_paths
from .catalogue import RULES
from .subject import Context, DeviceCa, Template

_NO_CA_IN_SIGHT = (
    "no device CA certificate was found here, so it was not checked whether one is bound: without one the"
    " template has no effect"
)


def check(
    template: str | Mapping[str, Any],
    *,
    context: Context | None = None,
    silenced: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Check a pre-provisioning template.

    Values that an engine knows later are skipped, and each is reported as a finding of severity ``info``.

    Args:
        template: The body of the create request or the template body alone, as text or as a document.
        context: Name and description of a body that stands alone, and what is known of the instance.
        silenced: Codes of rules that don't apply to this template, each with the reason; none by default.

    Returns:
        Every problem, ordered by code; an empty list if there is none.

    Raises:
        ValueError: If a silenced code is unknown or has no reason.

    Example:
        >>> body = {"resources": {"device": {"product_id": "a b"}}}
        >>> findings = check(body, context=Context(has_device_ca=True))
        >>> [(finding.code, finding.path) for finding in findings]
        [('DP203', '/resources/device'), ('DP211', '/resources/device/product_id')]
    """
    subject = _read(template, context or Context())
    return [*findings_of(RULES, subject, silenced), *_not_checked(subject, silenced or {})]


def check_device_ca(authority: DeviceCa, *, silenced: Mapping[str, str] | None = None) -> list[Finding]:
    """Check the settings of a device CA certificate.

    Args:
        authority: The settings.
        silenced: Codes of rules that don't apply to this CA, each with the reason; none by default.

    Raises:
        ValueError: If a silenced code is unknown or has no reason.

    Example:
        >>> [finding.code for finding in check_device_ca(DeviceCa(provision_enable=True))]
        ['DP216']
    """
    return list(findings_of(RULES, authority, silenced))


def _read(template: str | Mapping[str, Any], context: Context) -> Template:
    try:
        document = parse_body(template) if isinstance(template, str) else dict(template)
        if is_too_deep(document):
            raise ValueError("the template is nested too deeply")
    except ValueError as error:
        return Template({}, context, str(error))
    return Template(document, context)


def _not_checked(template: Template, silenced: Mapping[str, str]) -> Iterator[Finding]:
    for path in unresolved_paths(template.document, template.context.path):
        yield not_checked(path, LATER)
    if template.context.has_device_ca is None and "DP214" not in silenced:
        yield not_checked(template.context.path, _NO_CA_IN_SIGHT)
