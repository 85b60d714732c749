"""The steps of a registration: all of them, or none."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .allow_list import AllowList
from .decision import CERTIFICATE_ID, judge, thing_name
from .reasons import Denied, Failed, OutcomeUnknown, Reason
from .settings import Settings

Clients = Callable[[str], Any]
GONE = "ResourceNotFoundException"
ATTACHED = "InvalidRequestException"
"""What DeleteThing answers while a certificate is being detached, which takes AWS IoT some seconds.

https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html
"""
PAUSES_SECONDS = (1, 2, 4)
SERVER_ERROR = 500


class Registration:
    """Register devices of one CA.

    Args:
        settings: What the function was deployed with.
        clients: Makes a botocore client of a service.
        now: The time in seconds since 1970.
    """

    def __init__(self, settings: Settings, clients: Clients, now: Callable[[], float]) -> None:
        self._settings = settings
        self._clients = clients
        self._iot = clients("iot")
        self._now = now

    def register(self, event: Any) -> str:
        """Register the device of an event; its thing name, also if it is registered already.

        Raises:
            Denied: If it may not register.
            Failed: If something did not work; nothing of this attempt is left, but for what its notes name.
            OutcomeUnknown: If the certificate may have become active; all of the attempt is left.
        """
        certificate = self._certificate(event)
        pem = certificate["certificatePem"].encode()
        judge(pem, self._settings.ca_certificate, self._revocation_list())
        name = thing_name(pem, self._settings.thing_name_prefix)
        if certificate["status"] == "ACTIVE":
            return name
        if certificate["status"] != "PENDING_ACTIVATION":
            raise Denied(Reason.WRONG_STATUS.format(status=certificate["status"]))
        self._with_lease(name, certificate["certificateId"], certificate["certificateArn"])
        return name

    def _certificate(self, event: Any) -> dict[str, Any]:
        certificate_id = event.get("certificateId") if isinstance(event, dict) else None
        if not isinstance(certificate_id, str) or not CERTIFICATE_ID.fullmatch(certificate_id):
            raise Denied(Reason.NO_CERTIFICATE)
        described = self._iot.describe_certificate(certificateId=certificate_id)
        certificate: dict[str, Any] = described["certificateDescription"]
        if certificate.get("caCertificateId") != self._settings.ca_certificate_id:
            raise Denied(Reason.OTHER_AUTHORITY)
        return certificate

    def _revocation_list(self) -> bytes | None:
        bucket, key = self._settings.revocation_list_bucket, self._settings.revocation_list_key
        if bucket is None:
            return None
        content: bytes = self._clients("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    def _with_lease(self, name: str, certificate_id: str, certificate_arn: str) -> None:
        allow_list = AllowList(self._clients("dynamodb"), self._settings.table_name, self._status_of)
        now = int(self._now())
        allow_list.lease(name, certificate_id, now)
        policy = {"policyName": self._settings.policy_name, "target": certificate_arn}
        attached = {"thingName": name, "principal": certificate_arn}
        # Undone is also what failed: a call may have worked although its answer never came.
        with _undone_if_it_fails() as undo:
            undo(allow_list.release, name, certificate_id, now)
            if not self._has_thing(name):
                undo(self._iot.delete_thing, thingName=name)
                self._iot.create_thing(thingName=name)
            undo(self._iot.detach_policy, **policy)
            self._iot.attach_policy(**policy)
            undo(self._iot.detach_thing_principal, **attached)
            self._iot.attach_thing_principal(**attached, thingPrincipalType="EXCLUSIVE_THING")
            # Last: only a device that has everything can connect.
            self._activate(certificate_id)

    def _status_of(self, certificate_id: str) -> str:
        try:
            described = self._iot.describe_certificate(certificateId=certificate_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != GONE:
                raise
            return "NOT_FOUND"
        return str(described["certificateDescription"]["status"])

    def _has_thing(self, name: str) -> bool:
        try:
            self._iot.describe_thing(thingName=name)
        except ClientError as error:
            if error.response["Error"]["Code"] != GONE:
                raise
            return False
        return True

    def _activate(self, certificate_id: str) -> None:
        try:
            self._iot.update_certificate(certificateId=certificate_id, newStatus="ACTIVE")
        except (ClientError, BotoCoreError) as error:
            if self._is_active(certificate_id):
                return
            if _did_nothing(error):
                raise
            raise OutcomeUnknown(Reason.ACTIVATION_UNKNOWN) from error

    def _is_active(self, certificate_id: str) -> bool:
        try:
            return self._status_of(certificate_id) == "ACTIVE"
        except (ClientError, BotoCoreError) as error:
            raise OutcomeUnknown(Reason.ACTIVATION_UNKNOWN) from error


def _did_nothing(error: ClientError | BotoCoreError) -> bool:
    """Whether AWS refused a call that was made once: what got no answer may still be carried out."""
    if not isinstance(error, ClientError):
        return False
    metadata = error.response["ResponseMetadata"]
    return metadata["HTTPStatusCode"] < SERVER_ERROR and not metadata.get("RetryAttempts")


@contextmanager
def _undone_if_it_fails() -> Iterator[Callable[..., None]]:
    """Undo the last step first, as far as AWS lets it; what fails there does not hide the first error."""
    steps: list[Callable[[], Any]] = []
    try:
        yield lambda call, *arguments, **named: steps.append(partial(call, *arguments, **named))
    except OutcomeUnknown:
        # What may be active keeps what it needs, and its lease: the event again completes it.
        raise
    except Exception as first:
        for step in reversed(steps):
            try:
                _undo(step)
            except (ClientError, BotoCoreError) as error:
                first.add_note(reason(error))
        raise


def _undo(step: Callable[[], Any]) -> None:
    for pause in (*PAUSES_SECONDS, None):
        try:
            step()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == GONE:
                return
            if code != ATTACHED or pause is None:
                raise
            time.sleep(pause)
        else:
            return


def reason(error: Exception) -> str:
    """Why an attempt failed and what of it is left, without messages that may repeat what was sent."""
    return "; ".join([_reason(error), *getattr(error, "__notes__", ())])


def _reason(error: Exception) -> str:
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        return Reason.REFUSED_CALL.format(operation=error.operation_name, code=code)
    return str(error) if isinstance(error, Failed) else Reason.FAILED.format(error=type(error).__name__)
