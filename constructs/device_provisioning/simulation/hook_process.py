"""The process that a pre-provisioning hook runs in, so that it can be ended and writes nowhere else.

It is run as a file, with the standard library alone: what the hook imports is all that takes time. For each
device, a line of JSON on standard input, it answers a line of JSON on what was standard output. Whatever the
hook and its own processes write there goes to standard error.
"""

import hashlib
import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

_ACCOUNT, _REGION = "111122223333", "eu-west-1"


class HookContext:
    """What a handler may ask about its own run.

    Args:
        seconds: How long AWS IoT waits from now on.
    """

    function_name = "pre-provisioning-hook"
    function_version = "$LATEST"
    memory_limit_in_mb = "128"
    aws_request_id = "00000000-0000-0000-0000-000000000000"
    invoked_function_arn = f"arn:aws:lambda:{_REGION}:{_ACCOUNT}:function:{function_name}"

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """The milliseconds that are left."""
        return max(0, int((self._ends_at - time.monotonic()) * 1000))


def event_of(number: int, parameters: dict[str, str]) -> dict[str, Any]:
    """What AWS IoT sends about a device.

    Args:
        number: Which device of the run it is.
        parameters: What it supplies.
    """
    # https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html
    return {
        "claimCertificateId": "0" * 64,
        "certificateId": hashlib.sha256(str(number).encode()).hexdigest(),
        "certificatePem": "-----BEGIN CERTIFICATE-----\nsimulated\n-----END CERTIFICATE-----\n",
        "templateArn": f"arn:aws:iot:{_REGION}:{_ACCOUNT}:provisioningtemplate/simulated",
        "clientId": f"simulated-{number}",
        "parameters": parameters,
    }


def main(name: str, seconds: float) -> None:
    """Answer about devices until there are no more.

    Args:
        name: The hook.
        seconds: How long AWS IoT waits for each answer.
    """
    questions, answers = os.fdopen(os.dup(0), "rb"), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    handler, problem = _handler(name)
    _write(answers, json.dumps({"problem": problem}))
    if handler:
        for line in questions:
            _write(answers, _answer(handler, event_of(*json.loads(line)), seconds))
    # Threads that the hook left behind don't keep it.
    os._exit(0)


def _handler(name: str) -> tuple[Callable[[Any, Any], Any] | None, str | None]:
    """The function, or what is wrong with its name."""
    module_name, _, function_name = name.partition(":")
    sys.path[0] = ""
    try:
        handler = getattr(importlib.import_module(module_name), function_name, None)
    except BaseException as error:
        return None, f"the module cannot be imported: {_text(error)}"
    if not callable(handler):
        return None, f"{module_name} has no function {function_name}"
    return handler, None


def _answer(handler: Callable[[Any, Any], Any], event: dict[str, Any], seconds: float) -> str:
    context = HookContext(seconds)
    try:
        answer = json.dumps(handler(event, context))
    except BaseException as error:
        return json.dumps({"failed": _text(error)})
    is_late = json.dumps(not context.get_remaining_time_in_millis())
    return f'{{"answer": {answer}, "late": {is_late}}}'


def _text(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except BaseException:
        return type(error).__name__


def _write(answers: int, line: str) -> None:
    left = memoryview(f"{line}\n".encode())
    while left:
        left = left[os.write(answers, left) :]


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
