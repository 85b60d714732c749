"""One line a decision: structured, and a metric in CloudWatch's embedded metric format."""

import json
import time
from typing import Any

from .decision import Decision
from .reasons import Reason

LONGEST = 256


def decision_line(event: Any, serial_number: Any, decision: Decision, namespace: str) -> str:
    """The line; of the request only what identifies it, cut to 256 characters each.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    request = event if isinstance(event, dict) else {}
    counted = {"Allowed": int(decision.allowed), "Denied": int(not decision.allowed)}
    if decision.reason.startswith(Reason.PROVISIONED):
        counted["DeniedAsProvisioned"] = 1
    metrics = [{"Name": name, "Unit": "Count"} for name in counted]
    line = {
        "serial_number": _short(serial_number),
        "client_id": _short(request.get("clientId")),
        "claim_certificate_id": _short(request.get("claimCertificateId")),
        "certificate_id": _short(request.get("certificateId")),
        "decision": "allowed" if decision.allowed else "denied",
        "reason": decision.reason,
        "TemplateName": _short(str(request.get("templateArn", "")).rpartition("/")[2]) or "unknown",
        **counted,
        "_aws": {
            "Timestamp": int(time.time() * 1000),
            "CloudWatchMetrics": [
                {"Namespace": namespace, "Dimensions": [["TemplateName"]], "Metrics": metrics}
            ],
        },
    }
    return json.dumps(line)


def _short(value: Any) -> str | None:
    return value[:LONGEST] if isinstance(value, str) else None
