"""The steps of a registration: all of them, or none."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from . import allow_list
from .decision import CERTIFICATE_ID, judge, thing_name
from .reasons import Denied, Failed, Reason
from .settings import Settings

Clients = Callable[[str], Any]
GONE = "ResourceNotFoundException"


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
            Failed: If something did not work; nothing of this attempt is left.
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
        dynamodb, table = self._clients("dynamodb"), self._settings.table_name
        allow_list.lease(dynamodb, table, name, certificate_id, int(self._now()))
        policy = {"policyName": self._settings.policy_name, "target": certificate_arn}
        attached = {"thingName": name, "principal": certificate_arn}
        # Undone is also what failed: a call may have worked although its answer never came.
        with ExitStack() as undo:
            undo.callback(allow_list.release, dynamodb, table, name, certificate_id)
            if not self._has_thing(name):
                undo.callback(_undo, self._iot.delete_thing, thingName=name)
                self._iot.create_thing(thingName=name)
            undo.callback(_undo, self._iot.detach_policy, **policy)
            self._iot.attach_policy(**policy)
            undo.callback(_undo, self._iot.detach_thing_principal, **attached)
            self._iot.attach_thing_principal(**attached, thingPrincipalType="EXCLUSIVE_THING")
            # Last: only a device that has everything can connect.
            self._activate(certificate_id)
            undo.pop_all()

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
        except (ClientError, BotoCoreError):
            described = self._iot.describe_certificate(certificateId=certificate_id)
            if described["certificateDescription"]["status"] != "ACTIVE":
                raise


def _undo(call: Callable[..., Any], **arguments: Any) -> None:
    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] != GONE:
            raise


def reason(error: Exception) -> str:
    """Why an attempt failed, without the text of a message that may repeat what was sent."""
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        return Reason.REFUSED_CALL.format(operation=error.operation_name, code=code)
    return str(error) if isinstance(error, Failed) else Reason.FAILED.format(error=type(error).__name__)
