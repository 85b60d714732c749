"""Whether what is given as a claim certificate, or to make one of, can be one."""

import re
from collections.abc import Iterator
from typing import Any

from .unresolved import is_unresolved

# API_CreateCertificateFromCsr and the ARN that it answers with
CERTIFICATE_ARN = re.compile(r"arn:[a-z-]+:iot:[a-z0-9-]+:\d{12}:cert/[0-9a-f]{64}")
_REQUEST = re.compile("-----BEGIN (NEW )?CERTIFICATE REQUEST-----")


def claim_source_problems(certificate_signing_request: Any, certificate_arn: Any) -> Iterator[str]:
    """What keeps a CSR or an ARN from being one.

    Args:
        certificate_signing_request: The CSR, if one is given; one that an engine knows later is not checked.
        certificate_arn: The certificate, if one is given; neither is one that an engine knows later.

    Example:
        >>> [problem[:52] for problem in claim_source_problems("claim.csr", None)]
        ['certificate_signing_request is not a certificate sig']
    """
    csr, arn = certificate_signing_request, certificate_arn
    if csr and not is_unresolved(csr):
        if "PRIVATE KEY-----" in csr:
            yield (
                "certificate_signing_request contains a private key: give the request alone, and take the key"
                " out of where this came from"
            )
        elif not _REQUEST.search(csr):
            yield (
                "certificate_signing_request is not a certificate signing request in PEM: give the text that"
                " begins with -----BEGIN CERTIFICATE REQUEST-----, not the path of a file:"
                " Path(…).read_text()"
            )
    if arn and not is_unresolved(arn) and not CERTIFICATE_ARN.fullmatch(arn):
        yield (
            f"the claim's certificate ARN is {arn!r}, which is not the ARN of a certificate of AWS IoT: give"
            " one such as arn:aws:iot:REGION:ACCOUNT:cert/ID, whose id has 64 hexadecimal digits, as"
            " aws iot list-certificates shows it"
        )
