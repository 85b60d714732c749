"""A device that connects with a certificate that AWS IoT does not know yet."""

import hashlib
import socket
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

CONNECT = b"\x10\x12\x00\x04MQTT\x04\x02\x00\x3c\x00\x06pump-0"
"""MQTT 3.1.1, a clean session, kept alive for a minute."""


def certificate_id(pem):
    """The id that the emulator gives a certificate."""
    der = x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
    return hashlib.sha256(der).hexdigest()


def knock(emulator, issued):
    """Connect once over mutual TLS and wait until the emulator drops the connection."""
    context = ssl.create_default_context(cadata=emulator.trust_store().decode())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "device.pem"
        file.write_bytes(issued.certificate_pem + issued.private_key_pem)
        context.load_cert_chain(file)
    with (
        socket.create_connection((emulator.mqtt_host, emulator.mqtt_port), 10) as plain,
        context.wrap_socket(plain, server_hostname=emulator.mqtt_host) as connection,
    ):
        try:
            connection.sendall(CONNECT)
            return connection.recv(4)
        except OSError:
            return b""
