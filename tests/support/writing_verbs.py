"""Every verb that writes files, with what it needs."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from device_provisioning.aws_iot.fleet_body import fleet_body
from device_provisioning.certificates.authority import create_authority
from tests.support.template_files import FOLDER
from workshop.emulator import ACCOUNT, REGION

BODY = str(FOLDER / "fleet" / "valid-default-value.json")
STACK = str(FOLDER / "stack" / "DP004-holds-text.json")
NAME = "written"
DEVICES = 400


@dataclass(frozen=True)
class WritingVerb:
    """A verb that writes.

    Args:
        arguments: Its command line, in a folder of its own.
        files: What it writes there.
        prepare: Makes what it reads in that folder; nothing by default.
        is_replacing: Whether files that exist are replaced; by default they are in the way.
        needs: What it needs of the emulator, by a name of ``Account``; nothing by default.
        status: Its exit status; 0 by default.
        passing: Files that it needs while it runs; none by default.
    """

    arguments: str
    files: tuple[str, ...]
    prepare: Callable[[Path], object] = lambda folder: None
    is_replacing: bool = False
    needs: str = ""
    status: int = 0
    passing: tuple[str, ...] = ()


def _with_ca(folder):
    made = create_authority("Bench", 30)
    (folder / "ca.pem").write_bytes(made.certificate_pem)
    (folder / "ca.key").write_bytes(made.private_key_pem)
    (folder / "devices.csv").write_text("CommonName\nA-1\nA-2\n")


@cache
def _maker():
    """A key whose signatures are the same each time."""
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public


def _with_maker(folder):
    private, public = _maker()
    (folder / "maker.key").write_bytes(private)
    (folder / "own.pem").write_bytes(public)


def _with_devices(folder):
    (folder / "d.csv").write_text("SerialNumber\n" + "".join(f"A-{n}\n" for n in range(DEVICES)))


def _with_rejects(folder):
    (folder / "d.csv").write_text("serial_number\n" + "".join(f"A {n}\n" for n in range(DEVICES)))


def _with_outputs(folder):
    expires_at = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    archive = {
        "device_name": "line-4",
        "location": f"s3://{NAME}/certificates-omni_line-4.zip",
        "expires_at": expires_at,
        "status": "AWAITING_PROVISIONING",
        "advice": "",
    }
    enrolment = {
        "region": REGION,
        "template_name": NAME,
        "role_alias_name": "exchange",
        "thing_name_prefix": "gg-",
        "certificate_sources": ["create"],
        "claim_secret_arn": NAME,
    }
    (folder / "outputs.json").write_text(json.dumps({"archive": archive, "enrolment": enrolment}))


ISSUED = tuple(f"out/A-{number}.{kind}" for number in (1, 2) for kind in ("key", "pem"))
VERBS = {
    "devices export": WritingVerb(
        f"devices export --table {NAME} --out out.jsonl", ("out.jsonl",), is_replacing=True, needs="table"
    ),
    "devices import --rejects": WritingVerb(
        f"devices import d.csv --table {NAME} --rejects rejects.csv",
        ("rejects.csv",),
        _with_rejects,
        is_replacing=True,
        status=1,
        passing=("d.csv.import", "d.csv.import-journal"),
    ),
    "devices sign": WritingVerb(
        "devices sign --serial-number A-1 --public-key own.pem --batch b --key maker.key --out A-1.proof",
        ("A-1.proof",),
        _with_maker,
    ),
    "simulate": WritingVerb(
        f"simulate {BODY} --devices d.csv --out out.jsonl", ("out.jsonl",), _with_devices, is_replacing=True
    ),
    "explain": WritingVerb(f"explain {STACK} --html page.html", ("page.html",), is_replacing=True),
    "ca create": WritingVerb("ca create --out out", ("out/ca.key", "out/ca.pem")),
    "ca issue": WritingVerb("ca issue devices.csv --out out", ISSUED, _with_ca),
    "ca verification-certificate": WritingVerb(
        f"ca verification-certificate {'c0de' * 16} --out out.pem", ("out.pem",), _with_ca
    ),
    "ca revocation-list": WritingVerb("ca revocation-list --out out.pem", ("out.pem",), _with_ca),
    "claim": WritingVerb(f"claim {NAME} --out out", ("out/claim.key", "out/claim.pem"), needs="template"),
    "greengrass config": WritingVerb(
        "greengrass config outputs.json --core gg-1 --out out/config.yaml",
        ("out/claim.pem.crt", "out/claim.private.pem.key", "out/config.yaml"),
        _with_outputs,
        needs="secret",
    ),
    "panorama archive": WritingVerb(
        "panorama archive outputs.json --no-wait --out out",
        ("out/certificates-omni_line-4.zip",),
        _with_outputs,
        is_replacing=True,
        needs="archive",
    ),
    "adopt": WritingVerb(
        f"adopt {NAME} --engine cdk --out out",
        ("out/README.md", "out/app.py", "out/body.json", "out/cdk.json", "out/role-trust.json"),
        needs="template",
    ),
    "init": WritingVerb(
        "init made --engine cdk", ("made/Makefile", "made/app.py", "made/provisioning/body.json")
    ),
}


class Account:
    """What the verbs ask for, in the emulator."""

    def __init__(self, emulator):
        self._emulator = emulator

    def give(self, need):
        """Make what is needed, unless it is there."""
        if need:
            getattr(self, f"_{need}")()

    def _table(self):
        dynamodb = self._emulator.client("dynamodb")
        if NAME in dynamodb.list_tables()["TableNames"]:
            return
        dynamodb.create_table(
            TableName=NAME,
            AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        for number in range(20):
            dynamodb.put_item(TableName=NAME, Item={"serial_number": {"S": f"A-{number}"}})

    def _template(self):
        iot = self._emulator.client("iot")
        if NAME in [entry["templateName"] for entry in iot.list_provisioning_templates()["templates"]]:
            return
        trust = {"Version": "2012-10-17", "Statement": []}
        self._emulator.client("iam").create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(trust))
        iot.create_provisioning_template(
            templateName=NAME,
            templateBody=fleet_body(policy_name="runtime", thing_name_prefix="written-").to_json(),
            provisioningRoleArn=f"arn:aws:iam::{ACCOUNT}:role/{NAME}",
            enabled=True,
        )

    def _secret(self):
        secrets = self._emulator.client("secretsmanager")
        if any(secret["Name"] == NAME for secret in secrets.list_secrets()["SecretList"]):
            return
        claim = {"certificatePem": f"{'C' * 500}\n", "privateKey": f"{'K' * 500}\n"}
        secrets.create_secret(Name=NAME, SecretString=json.dumps(claim))

    def _archive(self):
        s3 = self._emulator.client("s3")
        if NAME not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
            s3.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=NAME, Key="certificates-omni_line-4.zip", Body=_ARCHIVE)


def _archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("key"), "k" * 2000)
    return file.getvalue()


_ARCHIVE = _archive()
