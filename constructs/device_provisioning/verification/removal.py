"""Removing what devices have left: nothing that this run has not made."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from ..console.aws_calls import AwsCalls
from ..console.aws_refusals import NotFoundError, RefusedError
from ..console.sources import UnreadableError
from .fleet import Fleet
from .leftovers import Left
from .waiting import first

SECONDS = 300
"""How long AWS IoT may take to detach, for all that a run removes together.

https://docs.aws.amazon.com/iot/latest/apireference/API_DeletePolicy.html
"""
BUSY = frozenset({"DeleteConflictException", "InvalidRequestException", "ThrottlingException"})
"""What AWS IoT answers while it still detaches."""
_FORCED = {"delete_certificate": {"forceDelete": True}}
"""Without it, a policy that was detached keeps a certificate for up to five minutes."""
_READS = {
    "delete_certificate": "describe_certificate",
    "delete_policy": "get_policy",
    "delete_thing": "describe_thing",
}


def remove_devices(fleet: Fleet) -> Iterator[Left]:
    """Delete certificates, things and policies that the deployment does not know; gives what is left."""
    iot, until = fleet.aws.iot, time.monotonic() + SECONDS
    # AWS IoT detaches all of them meanwhile.
    detached = list(_taken_out_of_use(iot, fleet.certificates))
    for certificate_id, problem in detached:
        thing, arn = fleet.certificates[certificate_id], fleet.account.certificate_arn(certificate_id)
        by_hand = _certificate_by_hand(certificate_id, thing, arn)
        yield from _remove_certificate(iot, certificate_id, problem, by_hand, until)
    for thing in sorted(fleet.things):
        yield from _delete(iot, f"thing {thing}", until, "delete_thing", thingName=thing)
    for policy in sorted(fleet.policies):
        yield from _delete(iot, f"policy {policy}", until, "delete_policy", policyName=policy)


def _taken_out_of_use(
    iot: AwsCalls, certificate_ids: Iterable[str]
) -> Iterator[tuple[str, UnreadableError | None]]:
    """The certificates that are there, each with why it could not be taken out of use."""
    for certificate_id in sorted(certificate_ids):
        try:
            described = iot.found("describe_certificate", certificateId=certificate_id)
            if described is None:
                continue
            _take_out_of_use(iot, described["certificateDescription"])
        except UnreadableError as error:
            yield certificate_id, error
        else:
            yield certificate_id, None


def _remove_certificate(
    iot: AwsCalls, certificate_id: str, problem: UnreadableError | None, by_hand: str, until: float
) -> Iterator[Left]:
    what = f"certificate {certificate_id}"
    if problem:
        yield Left(what, str(problem), by_hand)
        return
    for left in _delete(iot, what, until, "delete_certificate", certificateId=certificate_id):
        yield Left(what, left.why, by_hand)


def _take_out_of_use(iot: AwsCalls, certificate: Any) -> None:
    arn = certificate["certificateArn"]
    if certificate["status"] == "ACTIVE":
        iot.call("update_certificate", certificateId=certificate["certificateId"], newStatus="INACTIVE")
    for thing in iot.pages("list_principal_things", "things", principal=arn):
        iot.call("detach_thing_principal", thingName=thing, principal=arn)


def _certificate_by_hand(certificate_id: str, thing: str, arn: str) -> str:
    given = f"--certificate-id {certificate_id}"
    detach = [f"aws iot detach-thing-principal --thing-name {thing} --principal {arn}"] if thing else []
    commands = [
        f"aws iot update-certificate {given} --new-status INACTIVE",
        *detach,
        f"aws iot delete-certificate {given} --force-delete",
    ]
    # What is done already is refused, which must not keep the next from being done.
    return "; ".join(commands)


def _delete(iot: AwsCalls, what: str, until: float, operation: str, **arguments: str) -> Iterator[Left]:
    """Try until it is gone or the time is up, as AWS IoT detaches later; gives it if it is not."""
    refusals: list[RefusedError] = []

    def is_done() -> bool | None:
        try:
            iot.call(operation, **arguments, **_FORCED.get(operation, {}))
        except RefusedError as error:
            refusals.append(error)
            return None if error.code in BUSY else isinstance(error, NotFoundError)
        return True

    why: UnreadableError | None = None
    try:
        if not first(is_done, until - time.monotonic()):
            why = refusals[-1]
    except UnreadableError as error:
        why = error
    if why and _is_there(iot, _READS[operation], arguments):
        yield Left(what, str(why), _by_hand(operation, arguments))


def _is_there(iot: AwsCalls, operation: str, arguments: dict[str, str]) -> bool:
    """Whether something is there, as a refused device's thing never was; yes if that can't be asked."""
    try:
        return iot.found(operation, **arguments) is not None
    except UnreadableError:
        return True


def _by_hand(operation: str, arguments: dict[str, str]) -> str:
    """A command of the AWS CLI.

    Example:
        >>> _by_hand("delete_thing", {"thingName": "a-1"})
        'aws iot delete-thing --thing-name a-1'
    """
    given = [f"--{name.removesuffix('Name')}-name {value}" for name, value in arguments.items()]
    return " ".join(["aws iot", operation.replace("_", "-"), *given])
