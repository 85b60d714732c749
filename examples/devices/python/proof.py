import base64
import hashlib
import hmac

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def proof(batch: str, serial_number: str, device_key: bytes, certificate_pem: str) -> str:
    certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    lines = ["device-provisioning/proof/1", batch, serial_number, hashlib.sha256(key).hexdigest(), ""]
    mac = hmac.digest(device_key, "\n".join(lines).encode(), "sha256")
    return f"{batch}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
