"""A client needs a certificate: MiniStack serves one without, as its default account, unless IAM is enforced.

https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html
"""

import ssl
from typing import Any


def install(iot: Any) -> None:
    """End the handshake of clients that present no certificate."""
    build = iot._mtls_build_ssl_context

    def build_requiring_certificate() -> ssl.SSLContext:
        context: ssl.SSLContext = build()
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    iot._mtls_build_ssl_context = build_requiring_certificate
