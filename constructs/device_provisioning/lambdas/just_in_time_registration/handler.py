"""The function that the topic rule invokes."""

import json
import os
import time
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session

from .reasons import Denied
from .registration import Registration, reason
from .settings import Settings

_CONFIG = Config(connect_timeout=2, read_timeout=4, retries={"total_max_attempts": 2, "mode": "standard"})


def handler(event: Any, _context: Any = None) -> None:
    """Register, deny, or fail, so that Lambda delivers the event again and then to the dead-letter queue."""
    settings = Settings.from_environment(os.environ)
    try:
        name = Registration(settings, _client, time.time).register(event)
    except Denied as denial:
        _log(event, settings, "Denied", str(denial))
    except Exception as error:
        _log(event, settings, "Failed", reason(error))
        raise
    else:
        _log(event, settings, "Registered", name)


def _log(event: Any, settings: Settings, result: str, detail: str) -> None:
    """One line, which is a metric too.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    certificate_id = event.get("certificateId") if isinstance(event, dict) else None
    metric = {
        "Namespace": settings.metrics_namespace,
        "Dimensions": [["CaCertificateId"]],
        "Metrics": [{"Name": result, "Unit": "Count"}],
    }
    line = {
        "certificate_id": str(certificate_id)[:64],
        "result": result,
        "detail": detail,
        "CaCertificateId": settings.ca_certificate_id,
        result: 1,
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metric]},
    }
    print(json.dumps(line), flush=True)


@cache
def _client(service: str) -> Any:
    return Session().create_client(service, config=_CONFIG)
