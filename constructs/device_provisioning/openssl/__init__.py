"""The OpenSSL that Python's own TLS uses, asked about certificates and signatures."""
