"""The hook: a device may replace the certificate that it presents, for the thing that has it."""

import json
import os
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ...records.calls import Calls, NoTime, reason_of, seconds_left
from .allow_list import AllowList
from .principals import CERTIFICATE_ID, THING_NAME, certificates_of, client
from .reasons import Denied, Reason

MOST_CERTIFICATES = 4
"""A device that is cut off on its way tries again; one that never confirms a certificate comes to an end."""
_LONGEST_LOGGED = 256

# While a module loads, Lambda gives it more of a processor than to a decision.
with suppress(BotoCoreError):
    client("iot")
    if "ALLOW_LIST_TABLE_NAME" in os.environ:
        client("dynamodb")


@dataclass(frozen=True)
class Request:
    """A device that wants to replace the certificate that it presents."""

    serial_number: str
    thing_name: str
    presented: str
    certificate_id: str


def handler(event: Any, context: Any = None) -> dict[str, Any]:
    """Answer AWS IoT: always an answer, and a denial when in doubt."""
    try:
        decide(event, os.environ, client, calls=Calls(seconds_left(context), time.sleep))
        allowed, reason = True, str(Reason.OWNER)
    except Denied as denial:
        allowed, reason = False, str(denial)
    except (NoTime, ClientError, BotoCoreError) as outcome:
        allowed, reason = False, reason_of(outcome)
    except Exception as error:  # whatever it is, the device has to be denied
        allowed, reason = False, Reason.FAILED.format(error=type(error).__name__)
    print(_line(event, allowed, reason), flush=True)
    return {"allowProvisioning": allowed, "parameterOverrides": {}}


def decide(
    event: Any, environment: Mapping[str, str], clients: Any, *, calls: Calls, now: Any = time.time
) -> None:
    """Let a device pass that replaces the certificate of its own thing, and that its list does not shut out.

    Args:
        event: What AWS IoT says of the request.
        environment: ``THING_NAME_PREFIX``, and ``ALLOW_LIST_TABLE_NAME`` if there is a list.
        clients: Makes a botocore client of a service.
        calls: Makes its calls while there is time.
        now: The time in seconds since 1970.

    Raises:
        Denied: If it may not, or the event is not one of AWS IoT.
        NoTime: If there is no time left to decide.
    """
    request = read_request(event, environment["THING_NAME_PREFIX"])
    require_owner(request, calls.made(lambda: certificates_of(clients("iot"), request.thing_name)))
    if table_name := environment.get("ALLOW_LIST_TABLE_NAME"):
        allow_list = AllowList(clients("dynamodb"), table_name, clients("iot"))
        allow_list.bind(request.serial_number, request.certificate_id, int(now()), calls)


def read_request(event: Any, thing_name_prefix: str) -> Request:
    """Read what the decision depends on.

    Raises:
        Denied: If the event is not one of AWS IoT, or names no thing.
    """
    parameters = event.get("parameters") if isinstance(event, dict) else None
    serial_number = parameters.get("SerialNumber") if isinstance(parameters, dict) else None
    if not isinstance(serial_number, str):
        raise Denied(Reason.NO_PARAMETER)
    thing_name = thing_name_prefix + serial_number
    if not THING_NAME.fullmatch(thing_name):
        raise Denied(Reason.MALFORMED_SERIAL_NUMBER)
    certificates = [event.get(name) for name in ("claimCertificateId", "certificateId")]
    if not all(isinstance(each, str) and CERTIFICATE_ID.fullmatch(each) for each in certificates):
        raise Denied(Reason.MALFORMED_CERTIFICATE)
    return Request(serial_number, thing_name, *certificates)


def require_owner(request: Request, attached: Collection[str]) -> None:
    """Let a device pass whose presented certificate is attached to the thing that it names.

    Args:
        request: What the device wants.
        attached: The ids of the certificates of the thing.

    Raises:
        Denied: If it is not.
    """
    if request.presented not in attached:
        raise Denied(Reason.NOT_OWNER)
    if len(attached) >= MOST_CERTIFICATES and request.certificate_id not in attached:
        raise Denied(Reason.TOO_MANY, number=len(attached))


def _line(event: Any, allowed: bool, reason: str) -> str:
    request = event if isinstance(event, dict) else {}
    parameters = request.get("parameters")
    serial_number = parameters.get("SerialNumber") if isinstance(parameters, dict) else None
    said = {
        "serial_number": serial_number,
        "client_id": request.get("clientId"),
        "presented_certificate_id": request.get("claimCertificateId"),
        "certificate_id": request.get("certificateId"),
    }
    line = {name: value[:_LONGEST_LOGGED] for name, value in said.items() if isinstance(value, str)}
    return json.dumps({**line, "allowed": allowed, "reason": reason})
