"""The function that AWS IoT invokes."""

import os
from contextlib import suppress
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.session import Session

from ...records.calls import seconds_left
from .decision import Decision
from .hook import Hook
from .log import decision_line
from .reasons import Reason
from .settings import InvalidSettings, Settings

# A call gives up within the seconds that the hook keeps for it, and the hook itself tries again.
_CONFIG = Config(connect_timeout=0.5, read_timeout=1, retries={"total_max_attempts": 1, "mode": "standard"})


def handler(event: Any, context: Any = None) -> dict[str, Any]:
    """Answer AWS IoT: always an answer, never an exception, and a denial when in doubt."""
    settings = None
    try:
        settings = Settings.from_environment(os.environ)
        hook = Hook(settings, _client("dynamodb"), lambda: _client("iot"), lambda: _client("kms"))
        decision = hook.decide(event, seconds_left(context))
    except InvalidSettings as error:
        decision = Decision(False, Reason.WRONG_SETTINGS.format(error=error))
    except Exception as error:  # whatever it is, the device has to be denied
        # The text of an unforeseen error may repeat what a device sent.
        decision = Decision(False, Reason.FAILED.format(error=type(error).__name__))
    _log(event, decision, settings)
    return {
        "allowProvisioning": decision.allowed,
        "parameterOverrides": dict(decision.parameter_overrides),
    }


def _log(event: Any, decision: Decision, settings: Settings | None) -> None:
    name = settings.serial_number_parameter if settings else "SerialNumber"
    parameters = event.get("parameters") if isinstance(event, dict) else None
    serial_number = parameters.get(name) if isinstance(parameters, dict) else None
    namespace = settings.metrics_namespace if settings else "DeviceProvisioning"
    print(decision_line(event, serial_number, decision, namespace), flush=True)


@cache
def _client(service: str) -> Any:
    return Session().create_client(service, config=_CONFIG)


# While a module loads, Lambda gives it more of a processor than to a decision.
with suppress(BotoCoreError):
    _client("dynamodb")
