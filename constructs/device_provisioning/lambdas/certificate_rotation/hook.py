"""The hook: a device may replace the certificate that it presents, for the thing that has it."""

import json
import os
from typing import Any

from botocore.exceptions import ClientError

from .principals import CERTIFICATE_ID, THING_NAME, certificates_of, iot_client

MOST_CERTIFICATES = 4
"""A device that is cut off on its way tries again; one that never confirms a certificate comes to an end."""


class Denied(Exception):  # noqa: N818  # a decision, not an error
    """The certificate may not be replaced; the message is the reason."""


def handler(event: Any, _context: Any = None) -> dict[str, Any]:
    """Answer AWS IoT: always an answer, and a denial when in doubt."""
    try:
        require_owner(event, os.environ["THING_NAME_PREFIX"], iot_client())
        allowed, reason = True, "the presented certificate is the thing's"
    except Denied as denial:
        allowed, reason = False, str(denial)
    except ClientError as error:
        allowed, reason = False, f"{error.operation_name} failed: {error.response['Error']['Code']}"
    except Exception as error:  # whatever it is, the device has to be denied
        allowed, reason = False, f"the hook failed: {type(error).__name__}"
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
        raise Denied("the parameter SerialNumber is missing")
    thing_name = thing_name_prefix + serial_number
    if not THING_NAME.fullmatch(thing_name):
        raise Denied("the serial number is malformed")
    presented = event.get("claimCertificateId")
    if not isinstance(presented, str) or not CERTIFICATE_ID.fullmatch(presented):
        raise Denied("the presented certificate is malformed")
    attached = certificates_of(iot, thing_name)
    if presented not in attached:
        raise Denied("the presented certificate is not attached to the thing")
    if len(attached) >= MOST_CERTIFICATES:
        raise Denied(f"the thing has {len(attached)} certificates: confirm the last one first")
