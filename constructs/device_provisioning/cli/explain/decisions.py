"""Each way a hook can decide, and what that rests on: known of the hooks of this library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ...aws_iot.certificate_rotation import ROTATION_HOOK
from ...aws_iot.hook_settings import HOOK_HANDLER
from ...aws_iot.unresolved import is_unresolved
from ...lambdas.certificate_rotation import reasons as rotation
from ...lambdas.pre_provisioning_hook.reasons import Reason
from ...lambdas.pre_provisioning_hook.settings import InvalidSettings, Settings

_CLAIM, _ASK = "dynamodb:UpdateItem", "iot:DescribeCertificate"
_LIST = "ALLOW_LIST_TABLE_NAME"


@dataclass(frozen=True)
class Way:
    """One way to decide.

    Args:
        allowed: Whether the device may register.
        reason: Why, in the hook's words; capitals stand for what the request fills in.
        settings: Variables of the function's environment that it depends on.
        actions: What the function has to be allowed for it.
    """

    allowed: bool
    reason: str
    settings: Sequence[str] = ()
    actions: Sequence[str] = ()


_DEPENDS_ON: Mapping[Reason, tuple[Sequence[str], Sequence[str]]] = {
    Reason.LISTED: ([_LIST], [_CLAIM]),
    Reason.NOT_LISTED: ([_LIST], [_CLAIM]),
    Reason.BLOCKED: ([_LIST], [_CLAIM]),
    Reason.EXPIRED: ([_LIST], [_CLAIM]),
    Reason.PROVISIONED: (["REPROVISIONING"], [_CLAIM, _ASK]),
    Reason.PROVISIONED_AGAIN: (["REPROVISIONING"], [_CLAIM, _ASK]),
    Reason.IN_PROGRESS: (["CLAIM_SETTLE_SECONDS"], [_CLAIM, _ASK]),
    Reason.OVERTAKEN: ([_LIST], [_CLAIM]),
    Reason.NO_PARAMETER: (["SERIAL_NUMBER_PARAMETER"], []),
    Reason.MALFORMED_SERIAL_NUMBER: (["SERIAL_NUMBER_PATTERN"], []),
    Reason.MALFORMED_PARAMETER: ([], []),
    Reason.MALFORMED_CERTIFICATE_ID: ([], []),
    Reason.MALFORMED_RECORD: ([_LIST], [_CLAIM]),
    Reason.MALFORMED_OVERRIDES: ([_LIST], [_CLAIM]),
    Reason.REFUSED_CALL: ([], [_CLAIM, _ASK]),
    Reason.NO_ANSWER: ([], [_CLAIM, _ASK]),
    Reason.NO_TIME: ([], []),
    Reason.FAILED: ([], []),
}
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
    return _ways_of_allow_list(environment) if handler == HOOK_HANDLER else _OTHER


def _ways_of_allow_list(environment: Mapping[str, Any]) -> Sequence[Way]:
    given = {
        name: str(value) for name, value in environment.items() if name == _LIST or not is_unresolved(value)
    }
    try:
        settings = Settings.from_environment(given)
    except InvalidSettings as error:
        return [Way(False, Reason.WRONG_SETTINGS.format(error=error), list(environment))]
    left_out = _impossible(settings)
    known: dict[str, Any] = {
        "times": settings.reprovisioning,
        "parameter": settings.serial_number_parameter,
    }
    return [
        _way(reason, reason is Reason.LISTED, *uses, **known)
        for reason, uses in _DEPENDS_ON.items()
        if reason not in left_out
    ]


def _impossible(settings: Settings) -> set[Reason]:
    match settings.reprovisioning:
        case None:
            return {Reason.PROVISIONED, Reason.PROVISIONED_AGAIN}
        case 0:
            return {Reason.PROVISIONED_AGAIN}
        case _:
            return {Reason.PROVISIONED}


def _way(
    reason: StrEnum, allowed: bool, settings: Sequence[str], actions: Sequence[str], **known: object
) -> Way:
    details = {"operation": "CALL", "code": "CODE", "error": "ERROR", "number": "NUMBER", **known}
    return Way(allowed, reason.format(**details), settings, actions)
