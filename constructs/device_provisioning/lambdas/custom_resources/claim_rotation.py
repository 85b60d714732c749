"""The rotation of a claim certificate, in the four steps of Secrets Manager.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

import json
import os
import socket
import ssl
import tempfile
import time
from enum import StrEnum
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from .certificates import client, gone_is_fine
from .revoking import revoke

PORT, SECONDS = 8883, 5
PAUSES_SECONDS = (2, 4, 6, 8)
"""A certificate that has just been made active, and its policy, are not known everywhere at once."""
ACCEPTED = b"\x20\x02\x00\x00"
"""CONNACK of MQTT 3.1.1: no session, accepted."""


class Reason(StrEnum):
    """Why a rotation ends without a new claim, as the function's log has it."""

    NOT_ACCEPTED = "AWS IoT does not accept the new claim certificate"
    OVERTAKEN = "a newer rotation has taken the place of this one"


class Refused(Exception):  # noqa: N818  # what becomes of the rotation
    """AWS IoT does not accept the new claim: the old one stays the current one."""


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """The function that Secrets Manager invokes for each step; what is raised ends the rotation."""
    rotation = Rotation(
        client("iot"), client("secretsmanager"), event["SecretId"], event["ClientRequestToken"]
    )
    steps = {
        "createSecret": rotation.create,
        "setSecret": lambda: rotation.set_up(os.environ["POLICY_NAME"]),
        "testSecret": lambda: rotation.test(os.environ["CLIENT_ID"]),
        "finishSecret": rotation.finish,
    }
    steps[event["Step"]]()


class Rotation:
    """One rotation; every step may be repeated.

    Args:
        iot: A botocore client of AWS IoT.
        secrets: A botocore client of Secrets Manager.
        secret_id: The secret.
        token: The id of its new version.
    """

    def __init__(self, iot: Any, secrets: Any, secret_id: str, token: str) -> None:
        self._iot = iot
        self._secrets = secrets
        self._secret_id = secret_id
        self._token = token

    def create(self) -> None:
        """Make a certificate that can do nothing yet, and store it beside the current one.

        Raises:
            Refused: If the rotation is over and a newer one has taken its place.
        """
        if self._stages():
            self._require_place()
        if self._is_stored():
            return
        made = self._iot.create_keys_and_certificate(setAsActive=False)
        stored = {
            "certificateId": made["certificateId"],
            "certificateArn": made["certificateArn"],
            "certificatePem": made["certificatePem"],
            "privateKey": made["keyPair"]["PrivateKey"],
        }
        try:
            self._secrets.put_secret_value(
                SecretId=self._secret_id,
                ClientRequestToken=self._token,
                SecretString=json.dumps(stored),
                VersionStages=["AWSPENDING"],
            )
        except ClientError:
            revoke(self._iot, stored["certificateArn"])
            raise

    def set_up(self, policy_name: str) -> None:
        """Let the new certificate do what the old one can.

        Raises:
            Refused: If the rotation is over and a newer one has taken its place.
        """
        self._require_place()
        pending = self._pending()
        self._iot.attach_policy(policyName=policy_name, target=pending["certificateArn"])
        self._iot.update_certificate(certificateId=pending["certificateId"], newStatus="ACTIVE")

    def test(self, client_id: str) -> None:
        """Connect with the new certificate.

        Raises:
            Refused: If AWS IoT does not accept it, or a newer rotation has taken the place of this one.
        """
        self._require_place()
        place, claim = endpoint(self._iot), self._pending()
        for pause in (0, *PAUSES_SECONDS):
            time.sleep(pause)
            if connect(*place, claim, client_id) == ACCEPTED:
                return
        raise Refused(Reason.NOT_ACCEPTED)

    def finish(self) -> None:
        """Make the new certificate the current one, then take the old one out of use.

        Raises:
            Refused: If the rotation is over and a newer one has taken its place.
        """
        self._require_place()
        current = self._current_version()
        if current != self._token:
            self._secrets.update_secret_version_stage(
                SecretId=self._secret_id,
                VersionStage="AWSCURRENT",
                MoveToVersionId=self._token,
                RemoveFromVersionId=current,
            )
        # Also when this step is repeated after it was cut off here.
        previous = self._previous()
        if previous and previous["certificateId"] != self._pending()["certificateId"]:
            revoke(self._iot, previous["certificateArn"])

    def _require_place(self) -> None:
        # A step that comes late would make a certificate the current one again that is deleted by now.
        stages = set(self._stages())
        if "AWSPREVIOUS" in stages or not stages & {"AWSPENDING", "AWSCURRENT"}:
            raise Refused(Reason.OVERTAKEN)

    def _stages(self) -> list[str]:
        return list(self._versions().get(self._token, []))

    def _versions(self) -> dict[str, list[str]]:
        versions: dict[str, list[str]] = self._secrets.describe_secret(SecretId=self._secret_id)[
            "VersionIdsToStages"
        ]
        return versions

    def _current_version(self) -> str:
        (current,) = [version for version, stages in self._versions().items() if "AWSCURRENT" in stages]
        return current

    def _pending(self) -> dict[str, str]:
        return self._stored(VersionId=self._token)

    def _is_stored(self) -> bool:
        with gone_is_fine():
            return bool(self._pending())
        return False

    def _previous(self) -> dict[str, str] | None:
        with gone_is_fine():
            return self._stored(VersionStage="AWSPREVIOUS")
        return None

    def _stored(self, **version: str) -> dict[str, str]:
        value = self._secrets.get_secret_value(SecretId=self._secret_id, **version)
        stored: dict[str, str] = json.loads(value["SecretString"])
        return stored


def endpoint(iot: Any) -> tuple[str, int, ssl.SSLContext]:
    """Where devices of this account connect to, and whom they trust there."""
    address = iot.describe_endpoint(endpointType="iot:Data-ATS")["endpointAddress"]
    return str(address), PORT, ssl.create_default_context()


def connect(host: str, port: int, context: ssl.SSLContext, claim: dict[str, str], client_id: str) -> bytes:
    """Connect over mutual TLS and MQTT 3.1.1; what AWS IoT answers, nothing if it hangs up.

    Raises:
        ssl.SSLCertVerificationError: If it is not AWS IoT that answers.
    """
    # OpenSSL loads a key from a file only; nobody else can read it, and it is gone at once.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "claim.pem"
        file.touch(0o600)
        file.write_text(claim["certificatePem"] + claim["privateKey"])
        context.load_cert_chain(file)
    name = client_id.encode()
    content = b"\x00\x04MQTT\x04\x02\x00\x3c" + len(name).to_bytes(2, "big") + name
    try:
        with (
            socket.create_connection((host, port), SECONDS) as plain,
            # TLS 1.2 refuses a certificate here, TLS 1.3 when something is read.
            context.wrap_socket(plain, server_hostname=host) as connection,
        ):
            connection.sendall(b"\x10" + bytes([len(content)]) + content)
            return connection.recv(len(ACCEPTED))
    except ssl.SSLCertVerificationError:
        raise
    except (ssl.SSLError, ConnectionError, TimeoutError):
        return b""
