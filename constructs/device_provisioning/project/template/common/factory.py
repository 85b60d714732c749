"""What leaves the factory: a list of devices, the claim that they share, and a key of its own for each.

    uv run factory.py list line --count 1000 --site plant7 --csr
    uv run factory.py claim line --secret SECRET_ARN

``line/devices.csv`` is for ``device-provisioning devices import``. With ``--csr`` each device gets a folder
with ``device.key`` and ``device.csr``: put them into the device and nowhere else. ``claim.pem``,
``claim.key`` and ``endpoint`` go into every device.
"""

import argparse
import csv
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PEM = serialization.Encoding.PEM


def serial_numbers(prefix: str, first: int, count: int, digits: int) -> list[str]:
    """Serial numbers in a row, such as ``A-0001``."""
    return [f"{prefix}{number:0{digits}}" for number in range(first, first + count)]


def write_list(path: Path, serials: Sequence[str], site: str | None) -> None:
    """Write the list; a device that is on it may enrol once."""
    with path.open("x", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["serial_number", "parameter_overrides.Site"])
        rows.writerows([serial, site or ""] for serial in serials)


def key_and_csr(serial: str) -> Iterator[tuple[str, bytes]]:
    """A new key, and a request for a certificate that belongs to it, each with the name of its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, serial)])
    csr = x509.CertificateSigningRequestBuilder(name).sign(key, hashes.SHA256())
    shape = serialization.PrivateFormat.PKCS8
    yield "device.key", key.private_bytes(PEM, shape, serialization.NoEncryption())
    yield "device.csr", csr.public_bytes(PEM)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read; one that is there stays.

    Raises:
        FileExistsError: If it is there.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def make_list(given: argparse.Namespace) -> None:
    """Make the list and, with ``--csr``, a key and a CSR for each device."""
    serials = serial_numbers(given.prefix, given.first, given.count, given.digits)
    write_list(given.folder / "devices.csv", serials, given.site)
    for serial in serials if given.csr else ():
        folder = given.folder / serial
        folder.mkdir(mode=0o700)
        for name, content in key_and_csr(serial):
            write_new(folder / name, content)
    print(f"{given.folder / 'devices.csv'} has {len(serials)} devices")


def fetch_claim(given: argparse.Namespace) -> None:
    """Fetch the claim certificate, its key and the address of AWS IoT."""
    # boto3 alone does not know AWS_REGION.
    session = boto3.Session(region_name=os.environ.get("AWS_REGION"))
    answer = session.client("secretsmanager").get_secret_value(SecretId=given.secret)
    claim = json.loads(answer["SecretString"])
    endpoint = session.client("iot").describe_endpoint(endpointType="iot:Data-ATS")
    write_new(given.folder / "claim.key", claim["privateKey"].encode())
    write_new(given.folder / "claim.pem", claim["certificatePem"].encode())
    write_new(given.folder / "endpoint", endpoint["endpointAddress"].encode())
    print(f"{given.folder} has the claim")


def main(arguments: Sequence[str] | None = None) -> None:
    """Do one of both."""
    parser = argparse.ArgumentParser(description="Prepare devices for a factory line.")
    verbs = parser.add_subparsers(required=True)
    listing = verbs.add_parser("list", help="make a list of devices")
    listing.add_argument("folder", type=Path)
    listing.add_argument("--count", type=int, required=True)
    listing.add_argument("--first", type=int, default=1)
    listing.add_argument("--prefix", default="A-")
    listing.add_argument("--digits", type=int, default=4)
    listing.add_argument("--site", help="what the list says of each of them")
    listing.add_argument("--csr", action="store_true", help="make a key and a CSR for each")
    listing.set_defaults(run=make_list)
    claiming = verbs.add_parser("claim", help="fetch the claim that devices share")
    claiming.add_argument("folder", type=Path)
    claiming.add_argument("--secret", required=True, help="the output ClaimCertificateSecretArn")
    claiming.set_defaults(run=fetch_claim)
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    try:
        given.run(given)
    except FileExistsError as error:
        raise SystemExit(f"{error.filename} already exists and stays as it is: give another folder") from None


if __name__ == "__main__":
    main()
