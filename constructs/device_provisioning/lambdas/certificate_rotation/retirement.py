"""The end of certificates that a device has replaced."""

import json
from typing import Any

from .principals import CERTIFICATE_ID, THING_NAME, certificates_of, iot_client
from .reasons import Unretired


def handler(event: Any, _context: Any = None) -> None:
    """Retire what is older than the certificate with which a device confirmed."""
    retired = retire(event, iot_client())
    print(json.dumps({"retired": retired}), flush=True)


def retire(event: Any, iot: Any) -> list[str]:
    """Take every certificate of the thing out of use that was made before the one that confirms.

    Args:
        event: ``thing_name`` and ``certificate_id``, as the topic rule tells them.
        iot: A botocore client of AWS IoT.

    Returns:
        The ids of the certificates.

    Raises:
        ValueError: If the event is malformed, or the certificate is not the thing's.
    """
    thing_name, confirmed = event.get("thing_name"), event.get("certificate_id")
    if not THING_NAME.fullmatch(str(thing_name)) or not CERTIFICATE_ID.fullmatch(str(confirmed)):
        raise ValueError(Unretired.NO_EVENT)
    attached = certificates_of(iot, thing_name)
    if confirmed not in attached:
        raise ValueError(Unretired.NOT_OWNER)
    made = {certificate_id: _made(iot, certificate_id) for certificate_id in attached}
    older = [certificate_id for certificate_id in attached if made[certificate_id] < made[confirmed]]
    for certificate_id in older:
        _take_out_of_use(iot, thing_name, certificate_id, attached[certificate_id])
    return older


def _made(iot: Any, certificate_id: str) -> Any:
    return iot.describe_certificate(certificateId=certificate_id)["certificateDescription"]["creationDate"]


def _take_out_of_use(iot: Any, thing_name: str, certificate_id: str, certificate_arn: str) -> None:
    iot.update_certificate(certificateId=certificate_id, newStatus="INACTIVE")
    for page in iot.get_paginator("list_attached_policies").paginate(target=certificate_arn):
        for policy in page["policies"]:
            iot.detach_policy(policyName=policy["policyName"], target=certificate_arn)
    # Last: while it is attached, an event that is delivered again finds it.
    iot.detach_thing_principal(thingName=thing_name, principal=certificate_arn)
