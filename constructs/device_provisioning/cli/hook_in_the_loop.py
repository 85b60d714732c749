"""A pre-provisioning hook that is asked about every device, as AWS IoT asks it."""

import hashlib
import importlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from typing import Any

from ..aws_iot.evaluation import Failure, FailureReason, RefusedError, read_hook_answer
from ..aws_iot.evaluation.problems import Problem
from ..aws_iot.hook_settings import HOOK_TIMEOUT_SECONDS
from .sources import UnreadableError

_ACCOUNT, _REGION = "111122223333", "eu-west-1"


class HookContext:
    """What a handler may ask about its own run.

    Args:
        ends_at: When AWS IoT stops to wait, by ``time.monotonic``.
    """

    function_name = "pre-provisioning-hook"
    function_version = "$LATEST"
    memory_limit_in_mb = "128"
    aws_request_id = "00000000-0000-0000-0000-000000000000"
    invoked_function_arn = f"arn:aws:lambda:{_REGION}:{_ACCOUNT}:function:{function_name}"

    def __init__(self, ends_at: float) -> None:
        self._ends_at = ends_at

    def get_remaining_time_in_millis(self) -> int:
        """The milliseconds that are left."""
        return max(0, int((self._ends_at - time.monotonic()) * 1000))


class HookInTheLoop:
    """A handler of yours.

    Args:
        name: ``MODULE:FUNCTION``, found as Python finds it from the current folder.

    Raises:
        UnreadableError: If there is no such function.
    """

    def __init__(self, name: str) -> None:
        self._handler = _handler(name)
        self._count = 0

    def overrides(self, parameters: Mapping[str, str]) -> Mapping[str, str | None]:
        """The parameters that the handler overrides for a device.

        Its standard output goes to standard error, and its answer through JSON, as in Lambda.

        Raises:
            RefusedError: If it denies, fails, takes longer than AWS IoT waits, or answers something else.
        """
        self._count += 1
        started = time.monotonic()
        context = HookContext(started + HOOK_TIMEOUT_SECONDS)
        try:
            with redirect_stdout(sys.stderr):
                answer = json.loads(json.dumps(self._handler(self._event(parameters), context)))
        except (Exception, SystemExit) as error:
            raise _refused(Problem.HOOK_FAILED, f"{type(error).__name__}: {error}") from None
        if time.monotonic() - started > HOOK_TIMEOUT_SECONDS:
            raise _refused(Problem.HOOK_TOO_SLOW.format(seconds=HOOK_TIMEOUT_SECONDS), None)
        return read_hook_answer(answer)

    def _event(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        # https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html
        return {
            "claimCertificateId": "0" * 64,
            "certificateId": hashlib.sha256(str(self._count).encode()).hexdigest(),
            "certificatePem": "-----BEGIN CERTIFICATE-----\nsimulated\n-----END CERTIFICATE-----\n",
            "templateArn": f"arn:aws:iot:{_REGION}:{_ACCOUNT}:provisioningtemplate/simulated",
            "clientId": f"simulated-{self._count}",
            "parameters": dict(parameters),
        }


def _handler(name: str) -> Callable[[Any, Any], Any]:
    module_name, _, function_name = name.partition(":")
    if not (module_name and function_name):
        raise UnreadableError(f"--hook {name!r}: give MODULE:FUNCTION, such as hook:handler")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        with redirect_stdout(sys.stderr):
            handler = getattr(importlib.import_module(module_name), function_name, None)
    except (Exception, SystemExit) as error:
        raise UnreadableError(
            f"--hook {name}: the module cannot be imported: {type(error).__name__}: {error}"
        ) from None
    if not callable(handler):
        raise UnreadableError(f"--hook {name}: {module_name} has no function {function_name}")
    function: Callable[[Any, Any], Any] = handler
    return function


def _refused(problem: str, given: str | None) -> RefusedError:
    return RefusedError(Failure(FailureReason.INVOCATION_ERROR, "", str(problem), given))
