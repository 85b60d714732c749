"""A claim certificate whose key goes to Secrets Manager and nowhere else."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .certificates import GONE, client, is_error
from .cloudformation import Failed, Outcome, Reason
from .revoking import revoke, revoke_by_id

MARKED_FOR_DELETION = "InvalidRequestException"
_CERTIFICATE_ID = re.compile("[0-9a-f]{64}")
Stored = dict[str, str]


def handle(event: dict[str, Any], _seconds_left: Callable[[], float]) -> Outcome:
    """Make, keep or delete the certificate."""
    iot, secrets = client("iot"), client("secretsmanager")
    secret_id = event["ResourceProperties"]["SecretId"]
    if event["RequestType"] == "Delete":
        return _delete(iot, secrets, event, secret_id)
    stored = active_certificate(iot, secrets, event["RequestId"], secret_id)
    names = {"CertificateId": stored["certificateId"], "CertificateArn": stored["certificateArn"]}
    if event.get("OldResourceProperties", {}).get("SecretId") == secret_id:
        # A rotation may have put another certificate into the secret; the resource is the same.
        return Outcome(event["PhysicalResourceId"], names)
    return Outcome(stored["certificateId"], names)


def active_certificate(iot: Any, secrets: Any, request_id: str, secret_id: str) -> Stored:
    """The id and ARN of the certificate in the secret, made first if there is none, and active."""
    # A retry after a crash finds what was stored and goes on from there.
    stored = stored_certificate(secrets, secret_id)
    if stored and _activate(iot, stored):
        return stored
    if stored and stored["versionId"] == request_id:
        raise Failed(Reason.OLD_EVENT)
    stored = _make(iot, secrets, request_id, secret_id)
    _activate(iot, stored)
    return stored


def _activate(iot: Any, stored: Stored) -> bool:
    try:
        iot.update_certificate(certificateId=stored["certificateId"], newStatus="ACTIVE")
    except ClientError as error:
        # Somebody deleted it.
        if is_error(error, GONE):
            return False
        raise
    return True


def _make(iot: Any, secrets: Any, request_id: str, secret_id: str) -> Stored:
    made = iot.create_keys_and_certificate(setAsActive=False)
    stored = {
        "certificateId": made["certificateId"],
        "certificateArn": made["certificateArn"],
        "certificatePem": made["certificatePem"],
        "privateKey": made["keyPair"]["PrivateKey"],
    }
    try:
        # The token keeps an event that is delivered twice from storing a second certificate.
        secrets.put_secret_value(
            SecretId=secret_id, ClientRequestToken=request_id, SecretString=json.dumps(stored)
        )
    except (ClientError, BotoCoreError) as error:
        revoke(iot, stored["certificateArn"])
        exists = isinstance(error, ClientError) and is_error(error, "ResourceExistsException")
        if exists and (other := stored_certificate(secrets, secret_id)):
            return other
        raise
    return stored


def stored_certificate(secrets: Any, secret_id: str) -> Stored | None:
    """The id and ARN of the certificate in the secret, which a rotation may have put there; none without one.

    Raises:
        Failed: If the secret holds something else.
    """
    try:
        value = secrets.get_secret_value(SecretId=secret_id)
    except ClientError as error:
        if is_error(error, GONE) or is_error(error, MARKED_FOR_DELETION):
            return None
        raise
    text = value.get("SecretString") or value.get("SecretBinary")
    if not text:
        return None
    try:
        stored = json.loads(text)
        names = {name: str(stored[name]) for name in ("certificateId", "certificateArn")}
    except (ValueError, KeyError, TypeError):
        raise Failed(Reason.OTHER_CONTENT) from None
    return {**names, "versionId": value["VersionId"]}


def revoke_stored_certificate(iot: Any, secrets: Any, secret_id: str) -> None:
    """Deactivate, detach and delete the certificate in the secret, if it holds one."""
    with suppress(Failed):
        if stored := stored_certificate(secrets, secret_id):
            revoke(iot, stored["certificateArn"])


def _delete(iot: Any, secrets: Any, event: dict[str, Any], secret_id: str) -> Outcome:
    physical_id = event["PhysicalResourceId"]
    # What the secret holds: of a rotation, or of a create that failed on its way and has no certificate id.
    revoke_stored_certificate(iot, secrets, secret_id)
    if _CERTIFICATE_ID.fullmatch(physical_id):
        revoke_by_id(iot, physical_id)
    return Outcome(physical_id)
