"""Checking: every rule that applies, all problems at once."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..finding import Finding
from ..template_text import is_too_deep, minified, parse_body
from ..template_type import TemplateType
from ..unresolved import is_unresolved, unresolved_paths
from .body import Body
from .catalogue import RULES
from .context import CertificateAuthority, Context, Stack
from .registry import LATER, findings_of, not_checked


def check(
    body: str | Mapping[str, Any],
    template_type: TemplateType,
    *,
    context: Context | None = None,
    silenced: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Check a template body, and what surrounds it as far as that is known.

    Values that an engine knows later are skipped, and each is reported as a finding of severity ``info``.

    Args:
        body: The body as text or as a document.
        template_type: What it is for.
        context: The template's settings, hook, role, claim policies; by default the body is checked alone.
        silenced: Codes of rules that don't apply to this template, each with the reason; none by default.

    Returns:
        Every problem, ordered by code; an empty list if there is none.

    Raises:
        ValueError: If a silenced code is unknown or has no reason.

    Example:
        >>> findings = check({"Resources": {}}, TemplateType.FLEET_PROVISIONING)
        >>> [(finding.code, finding.severity.value) for finding in findings]
        [('DP013', 'warning'), ('DP102', 'error')]
    """
    subject = _read(body, TemplateType(template_type), context or Context())
    return [*findings_of(RULES, subject, silenced), *_not_checked(subject)]


def check_certificate_authority(
    authority: CertificateAuthority, *, silenced: Mapping[str, str] | None = None
) -> list[Finding]:
    """Check how a CA provisions or registers devices; a body that it holds is for ``check``.

    Args:
        authority: The CA's settings.
        silenced: Codes of rules that don't apply to this CA, each with the reason; none by default.

    Raises:
        ValueError: If a silenced code is unknown or has no reason.

    Example:
        >>> authority = CertificateAuthority(template_name="pumps")
        >>> [finding.code for finding in check_certificate_authority(authority)]
        ['DP043']
    """
    return list(findings_of(RULES, authority, silenced))


def check_stack(stack: Stack, *, silenced: Mapping[str, str] | None = None) -> list[Finding]:
    """Check what concerns everything that is deployed together.

    Args:
        stack: Names and substitutions of a whole CloudFormation template.
        silenced: Codes of rules that don't apply to this stack, each with the reason; none by default.

    Raises:
        ValueError: If a silenced code is unknown or has no reason.
    """
    return list(findings_of(RULES, stack, silenced))


def _read(body: str | Mapping[str, Any], template_type: TemplateType, context: Context) -> Body:
    text = body if isinstance(body, str) else None
    try:
        document = parse_body(body) if isinstance(body, str) else _writable(body)
    except ValueError as error:
        return Body(text, {}, template_type, context, str(error), getattr(error, "offset", None))
    return Body(text, document, template_type, context)


def _writable(document: Mapping[str, Any]) -> dict[str, Any]:
    if is_too_deep(document):
        raise ValueError("the body is nested too deeply")
    if not any(unresolved_paths(document)):
        minified(document)
    return dict(document)


def _not_checked(body: Body) -> Iterator[Finding]:
    if body.defect and is_unresolved(body.text or ""):
        message = "the body consists of parts that are known only on deployment, so it was not checked"
        yield not_checked(body.context.body_path, message)
    for path in unresolved_paths(body.document, body.context.body_path):
        yield not_checked(path, LATER)
    for path, message in body.context.unseen:
        yield not_checked(path, message)
