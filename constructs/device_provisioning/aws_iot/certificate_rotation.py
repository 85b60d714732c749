"""What devices may do to replace their own certificates."""

from collections.abc import Sequence

from .claim_policy import request_topics, require_claim_choices


def confirmation_topic(template_name: str, thing_name: str) -> str:
    """Where a device confirms that its new certificate works.

    Example:
        >>> confirmation_topic("pump-rotation", "pump-1")
        'certificate-rotation/pump-rotation/pump-1/confirmed'
    """
    return f"certificate-rotation/{template_name}/{thing_name}/confirmed"


def rotation_topics(
    template_name: str, certificate_sources: Sequence[str], payload_formats: Sequence[str]
) -> list[str]:
    """The topics on which a device obtains a certificate and registers it, answers included.

    Args:
        template_name: The template of the rotation.
        certificate_sources: How devices obtain their new certificates.
        payload_formats: How their payloads are written.

    Raises:
        ValueError: If no source or no format is given, or one that AWS IoT does not have.

    Example:
        >>> rotation_topics("pump-rotation", ["create-from-csr"], ["json"])[0]
        '$aws/certificates/create-from-csr/json*'
    """
    require_claim_choices(certificate_sources, payload_formats, prefix="rotation_")
    requests = request_topics(template_name, certificate_sources, payload_formats)
    # Requests and answers by one pattern: the policies of devices have to hold more than this. On the
    # topics of answers only AWS IoT publishes.
    return [f"{request.removesuffix('*')}*" for request in requests]
