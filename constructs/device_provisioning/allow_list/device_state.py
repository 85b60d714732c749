"""The state of a device in words: what its record says, and what became of the certificate in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..console.aws_calls import AwsCalls
from ..console.aws_refusals import NotAllowedError, NotFoundError
from ..records.record import BATCH_NAME, BLOCKED, CERTIFICATE_ID, EXPIRES_AT, PARAMETER_OVERRIDES, reserved_at

PENDING, ACTIVE, GONE = "PENDING_ACTIVATION", "ACTIVE", "gone"


@dataclass(frozen=True)
class CertificateState:
    """What AWS IoT knows of a certificate; ``None`` where the credentials do not allow to ask.

    Args:
        status: Its status, or ``gone`` if there is no such certificate.
        thing_names: The things that it is attached to.
    """

    status: str | None
    thing_names: Sequence[str] | None = ()


def certificate_state(certificate_id: str) -> CertificateState:
    """Ask AWS IoT about a certificate.

    Raises:
        UnreadableError: If AWS refuses for another reason than missing rights, or can't be reached.
    """
    calls = AwsCalls(certificate_id, "iot")
    try:
        answer = calls.call("describe_certificate", certificateId=certificate_id)
    except NotFoundError:
        return CertificateState(GONE)
    except NotAllowedError:
        return CertificateState(None)
    described = answer["certificateDescription"]
    things: Sequence[str] | None
    try:
        things = calls.pages("list_principal_things", "things", principal=described["certificateArn"])
    except NotAllowedError:
        things = None
    return CertificateState(described["status"], things)


def state_in_words(record: Mapping[str, Any], certificate: CertificateState | None, now: int) -> str:
    """The state of a device.

    Args:
        record: Its record, without DynamoDB's types.
        certificate: What became of the certificate that the record names; ``None`` if it names none.
        now: The seconds since 1970.

    Example:
        >>> state_in_words({"serial_number": "A-1", "blocked": True}, None, 0)
        'listed and never registered; blocked'
    """
    return "; ".join([_use(record, certificate), *_limits(record, now)])


def _use(record: Mapping[str, Any], certificate: CertificateState | None) -> str:
    if certificate is None:
        return "listed and never registered"
    by, since = f"certificate {record.get(CERTIFICATE_ID)}", _date(reserved_at(record))
    match certificate.status:
        case None:
            return (
                f"reserved or registered since {since} by {by}: you need iot:DescribeCertificate to see which"
            )
        case "PENDING_ACTIVATION":
            return f"reserved since {since} by {by}, which is not active yet"
        case "gone":
            return f"reserved since {since} by {by}, which does not exist any more: another one may register"
        case status:
            inactive = "" if status == ACTIVE else f", which is {status}"
            return f"registered {_thing(certificate)}with {by} on {since}{inactive}"


def _thing(certificate: CertificateState) -> str:
    if certificate.thing_names is None:
        return "(you need iot:ListPrincipalThings to see as which thing) "
    return f"as {', '.join(certificate.thing_names)} " if certificate.thing_names else "without a thing "


def _limits(record: Mapping[str, Any], now: int) -> Iterator[str]:
    if BATCH_NAME in record:
        yield f"of the batch {record[BATCH_NAME]}"
    if record.get(BLOCKED, False) is not False:
        yield "blocked"
    expires_at = record.get(EXPIRES_AT)
    if type(expires_at) is int:
        yield f"{'expired' if expires_at <= now else 'may register until'} {_date(expires_at)}"
    elif expires_at is not None:
        yield "expired: expires_at is not a number"
    overrides = record.get(PARAMETER_OVERRIDES) or {}
    if isinstance(overrides, Mapping) and overrides:
        yield "the list gives " + ", ".join(f"{name}={value}" for name, value in sorted(overrides.items()))


def _date(seconds: int | None) -> str:
    try:
        return (
            f"{datetime.fromtimestamp(seconds or 0, UTC):%Y-%m-%d %H:%M:%S UTC}"
            if seconds
            else "an unknown time"
        )
    except (ValueError, OverflowError, OSError):
        return f"second {seconds}"
