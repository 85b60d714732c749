"""Each way a hook can decide, and what that rests on: known of the hooks of this library."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..aws_iot.unresolved import is_unresolved
from ..fleet.attestation import with_attestation
from ..fleet.functions import PRE_PROVISIONING_HOOK, ROTATION_HOOK
from ..lambdas.certificate_rotation import reasons as rotation
from ..lambdas.pre_provisioning_hook.reasons import Reason
from ..lambdas.pre_provisioning_hook.settings import InvalidSettings, Settings

_WRITE, _ASK = ("dynamodb:PutItem", "dynamodb:UpdateItem"), "iot:DescribeCertificate"
_BATCH, _KEYS = "dynamodb:GetItem", ("kms:GenerateMac", "kms:GetPublicKey")
_LIST = "ALLOW_LIST_TABLE_NAME"


@dataclass(frozen=True)
class Way:
    """One way to decide.

    Args:
        allowed: Whether the device may register.
        reason: Why, in the hook's words; capitals stand for what the request fills in.
        settings: Variables of the function's environment that it depends on.
        actions: What the function has to be allowed for it.
        technical: Whether it says nothing of the device's place on the list.
    """

    allowed: bool
    reason: str
    settings: Sequence[str] = ()
    actions: Sequence[str] = ()
    technical: bool = False


_DEPENDS_ON: Mapping[Reason, tuple[Sequence[str], Sequence[str]]] = {
    Reason.LISTED: ([_LIST], _WRITE),
    Reason.NOT_LISTED: ([_LIST], _WRITE),
    Reason.BLOCKED: ([_LIST], _WRITE),
    Reason.EXPIRED: ([_LIST], _WRITE),
    Reason.PROVISIONED: (["REPROVISIONING"], [*_WRITE, _ASK]),
    Reason.PROVISIONED_AGAIN: (["REPROVISIONING"], [*_WRITE, _ASK]),
    Reason.IN_PROGRESS: (["RESERVATION_SECONDS"], [*_WRITE, _ASK]),
    Reason.OVERTAKEN: ([_LIST], _WRITE),
    Reason.NO_PARAMETER: (["SERIAL_NUMBER_PARAMETER"], []),
    Reason.MALFORMED_SERIAL_NUMBER: (["SERIAL_NUMBER_PATTERN"], []),
    Reason.MALFORMED_PARAMETER: ([], []),
    Reason.PARAMETER_OF_AWS: ([], []),
    Reason.NOT_IN_LIST: (["LISTED_PARAMETERS"], _WRITE),
    Reason.OTHER_THAN_LISTED: (["LISTED_PARAMETERS"], _WRITE),
    Reason.NOT_PROVEN: (["ATTESTATION"], [_BATCH, *_KEYS]),
    Reason.NOT_JUDGED: (["ATTESTATION"], [_BATCH, *_KEYS]),
    Reason.BATCH_NOT_OPEN: ([_LIST], [*_WRITE, _BATCH]),
    Reason.BATCH_FULL: ([_LIST], [*_WRITE, _BATCH]),
    Reason.OTHER_CLAIM: ([_LIST], [*_WRITE, _BATCH]),
    Reason.MALFORMED_BATCH: ([_LIST], [*_WRITE, _BATCH]),
    Reason.MALFORMED_CERTIFICATE_ID: ([], []),
    Reason.OTHER_SERIAL_NUMBER: ([_LIST], _WRITE),
    Reason.OUT_OF_USE: ([_LIST], [*_WRITE, _ASK]),
    Reason.MALFORMED_RECORD: ([_LIST], _WRITE),
    Reason.MALFORMED_OVERRIDES: ([_LIST], _WRITE),
    Reason.FORBIDDEN_OVERRIDE: ([_LIST, "SERIAL_NUMBER_PARAMETER"], _WRITE),
    Reason.REFUSED_CALL: ([], [*_WRITE, _ASK]),
    Reason.NO_ANSWER: ([], [*_WRITE, _ASK]),
    Reason.BUSY: ([], [*_WRITE, _ASK]),
    Reason.NO_TIME: ([], []),
    Reason.FAILED: ([], []),
}
_NAMED: Set[StrEnum] = {
    Reason.LISTED,
    Reason.NOT_LISTED,
    Reason.BLOCKED,
    Reason.EXPIRED,
    Reason.PROVISIONED,
    Reason.PROVISIONED_AGAIN,
    Reason.NOT_IN_LIST,
    Reason.OTHER_THAN_LISTED,
    Reason.NOT_PROVEN,
    rotation.Reason.OWNER,
    rotation.Reason.NOT_OWNER,
    rotation.Reason.TOO_MANY,
    rotation.Reason.NOT_LISTED,
    rotation.Reason.BLOCKED,
}
_OF_BATCHES = {Reason.BATCH_NOT_OPEN, Reason.BATCH_FULL, Reason.OTHER_CLAIM}
"""Named where every device has a batch."""
_OF_THE_SERIAL_NUMBER = {Reason.NO_PARAMETER, Reason.FORBIDDEN_OVERRIDE}
_ROTATION: Mapping[rotation.Reason, tuple[Sequence[str], Sequence[str]]] = {
    reason: (["THING_NAME_PREFIX"], ["iot:ListThingPrincipals"]) for reason in rotation.Reason
}
_OTHER = (
    Way(True, "its own code lets the device in"),
    Way(False, "its own code refuses, fails, or takes longer than AWS IoT waits"),
)


def ways_of(handler: Any, environment: Mapping[str, Any]) -> Sequence[Way]:
    """Each way the function behind a hook can decide.

    Args:
        handler: Its handler.
        environment: Its variables.

    Example:
        >>> [way.allowed for way in ways_of("index.handler", {})]
        [True, False]
    """
    if handler == ROTATION_HOOK.handler:
        return [_way(reason, reason is rotation.Reason.OWNER, *uses) for reason, uses in _ROTATION.items()]
    return _ways_of_allow_list(environment) if handler == PRE_PROVISIONING_HOOK.handler else _OTHER


def _ways_of_allow_list(environment: Mapping[str, Any]) -> Sequence[Way]:
    given = {
        name: str(value)
        for name, value in with_attestation(environment).items()
        if name == _LIST or not is_unresolved(value)
    }
    try:
        settings = Settings.from_environment(given)
    except InvalidSettings as error:
        return [Way(False, Reason.WRONG_SETTINGS.format(error=error), list(environment))]
    left_out = _impossible(settings)
    listed = " or ".join(sorted(settings.listed_parameters))
    named = _NAMED | _OF_BATCHES if settings.attestation else _NAMED
    return [
        _way(
            reason,
            reason is Reason.LISTED,
            *uses,
            named=named,
            times=settings.reprovisioning,
            parameter=settings.serial_number_parameter if reason in _OF_THE_SERIAL_NUMBER else listed,
        )
        for reason, uses in _DEPENDS_ON.items()
        if reason not in left_out
    ]


def _impossible(settings: Settings) -> set[Reason]:
    impossible = set() if settings.listed_parameters else {Reason.NOT_IN_LIST, Reason.OTHER_THAN_LISTED}
    if not settings.attestation:
        impossible |= {Reason.NOT_PROVEN, Reason.NOT_JUDGED}
    match settings.reprovisioning:
        case None:
            return {Reason.PROVISIONED, Reason.PROVISIONED_AGAIN, *impossible}
        case 0:
            return {Reason.PROVISIONED_AGAIN, *impossible}
        case _:
            return {Reason.PROVISIONED, *impossible}


def _way(
    reason: StrEnum,
    allowed: bool,
    settings: Sequence[str],
    actions: Sequence[str],
    named: Set[StrEnum] = _NAMED,
    **known: object,
) -> Way:
    names = ("attribute", "code", "error", "number", "status")
    details = {"operation": "CALL", **{name: name.upper() for name in names}, **known}
    return Way(allowed, reason.format(**details), settings, actions, technical=reason not in named)
