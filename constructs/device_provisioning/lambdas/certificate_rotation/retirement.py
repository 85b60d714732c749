"""The end of certificates that a device has replaced."""

import json
import os
from collections.abc import Mapping
from functools import partial
from typing import Any

from .allow_list import AllowList
from .principals import CERTIFICATE_ID, THING_NAME, certificates_of, client
from .reasons import Unretired

_ATTEMPTS = 4


def handler(event: Any, _context: Any = None) -> None:
    """Retire what is older than the certificate with which a device confirmed."""
    retired = retire(event, os.environ, partial(client, attempts=_ATTEMPTS))
    print(json.dumps({"thing_name": event["thing_name"], "retired": retired}), flush=True)


def retire(event: Any, environment: Mapping[str, str], clients: Any) -> list[str]:
    """Take every certificate of the thing out of use that was made before the one that confirms.

    With a list, the record names that one before: whichever way this ends, what it names is in use.

    Args:
        event: ``thing_name`` and ``certificate_id``, as the topic rule gives them.
        environment: ``THING_NAME_PREFIX``, and ``ALLOW_LIST_TABLE_NAME`` if there is a list.
        clients: Makes a botocore client of a service.

    Returns:
        The ids of the certificates.

    Raises:
        ValueError: If the event is malformed, or the certificate is not the thing's.
    """
    iot, prefix = clients("iot"), environment["THING_NAME_PREFIX"]
    thing_name, confirmed = str(event.get("thing_name")), str(event.get("certificate_id"))
    well_formed = THING_NAME.fullmatch(thing_name) and CERTIFICATE_ID.fullmatch(confirmed)
    if not well_formed or not thing_name.startswith(prefix):
        raise ValueError(Unretired.NO_EVENT)
    attached = certificates_of(iot, thing_name)
    if confirmed not in attached:
        raise ValueError(Unretired.NOT_OWNER)
    made = {certificate_id: _made(iot, certificate_id) for certificate_id in attached}
    if table_name := environment.get("ALLOW_LIST_TABLE_NAME"):
        allow_list = AllowList(clients("dynamodb"), table_name, iot)
        allow_list.name(thing_name.removeprefix(prefix), confirmed, made[confirmed])
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
