"""The hook: a device may replace the certificate that it presents, for the thing that has it."""

import json
import os
from typing import Any

from botocore.exceptions import ClientError

from .principals import CERTIFICATE_ID, THING_NAME, certificates_of, iot_client
from .reasons import Denied, Reason

MOST_CERTIFICATES = 4
"""A device that is cut off on its way tries again; one that never confirms a certificate comes to an end."""


def handler(event: Any, _context: Any = None) -> dict[str, Any]:
    """Answer AWS IoT: always an answer, and a denial when in doubt."""
    try:
        require_owner(event, os.environ["THING_NAME_PREFIX"], iot_client())
        allowed, reason = True, str(Reason.OWNER)
    except Denied as denial:
        allowed, reason = False, str(denial)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        allowed, reason = False, Reason.REFUSED_CALL.format(operation=error.operation_name, code=code)
    except Exception as error:  # whatever it is, the device has to be denied
        allowed, reason = False, Reason.FAILED.format(error=type(error).__name__)
    print(json.dumps({"allowed": allowed, "reason": reason}), flush=True)
    return {"allowProvisioning": allowed, "parameterOverrides": {}}


def require_owner(event: Any, thing_name_prefix: str, iot: Any) -> None:
    """Let a device pass whose presented certificate is attached to the thing that it names.

    Raises:
        Denied: If it is not, or the event is not one of AWS IoT.
    """
    parameters = event.get("parameters") if isinstance(event, dict) else None
    serial_number = parameters.get("SerialNumber") if isinstance(parameters, dict) else None
    if not isinstance(serial_number, str):
        raise Denied(Reason.NO_PARAMETER)
    thing_name = thing_name_prefix + serial_number
    if not THING_NAME.fullmatch(thing_name):
        raise Denied(Reason.MALFORMED_SERIAL_NUMBER)
    presented = event.get("claimCertificateId")
    if not isinstance(presented, str) or not CERTIFICATE_ID.fullmatch(presented):
        raise Denied(Reason.MALFORMED_CERTIFICATE)
    attached = certificates_of(iot, thing_name)
    if presented not in attached:
        raise Denied(Reason.NOT_OWNER)
    if len(attached) >= MOST_CERTIFICATES:
        raise Denied(Reason.TOO_MANY, number=len(attached))
