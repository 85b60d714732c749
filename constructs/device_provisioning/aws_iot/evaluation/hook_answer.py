"""What a pre-provisioning hook answers.

https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html
Forms that AWS does not document are judged as the emulator does: other values of ``allowProvisioning``, and
overrides that are not strings.
"""

import json
from typing import Any

from .outcome import Failure, FailureReason, RefusedError
from .problems import Problem


def read_hook_answer(answer: Any) -> dict[str, str | None]:
    """The parameters that a hook overrides.

    Raises:
        RefusedError: If the hook does not allow the registration, or its answer is none.

    Example:
        >>> read_hook_answer({"allowProvisioning": True, "parameterOverrides": {"Site": "plant7"}})
        {'Site': 'plant7'}
    """
    if answer is None:
        raise _refused(FailureReason.INVALID_RESULT, Problem.NO_ANSWER)
    fields = answer if isinstance(answer, dict) else {}
    allowed = _truth(fields.get("allowProvisioning"))
    overrides = fields.get("parameterOverrides")
    if allowed is None:
        raise _refused(FailureReason.INVALID_RESULT, Problem.WRONG_ANSWER, answer)
    if not isinstance(overrides, dict | None) or _holds_structure(overrides):
        raise _refused(FailureReason.INVALID_RESULT, Problem.WRONG_OVERRIDES, overrides)
    if not allowed:
        raise _refused(FailureReason.ACCESS_DENIED, Problem.NOT_ALLOWED)
    return {name: _as_parameter(value) for name, value in (overrides or {}).items()}


def _truth(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return bool(value) if isinstance(value, int | float) else None


def _holds_structure(overrides: dict[str, Any] | None) -> bool:
    return any(isinstance(value, dict | list) for value in (overrides or {}).values())


def _as_parameter(value: Any) -> str | None:
    return value if isinstance(value, str | None) else json.dumps(value)


def _refused(reason: FailureReason, problem: Problem, given: Any = None) -> RefusedError:
    return RefusedError(Failure(reason, "", problem.value, given))
