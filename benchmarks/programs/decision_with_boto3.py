"""The hook's usual decision as it is usually written: with ``boto3.resource``."""

import json
import os
import time
from typing import Any

import boto3
from botocore.exceptions import ClientError

table = boto3.resource("dynamodb").Table(os.environ["ALLOW_LIST_TABLE_NAME"])
CONDITION = (
    "attribute_exists(serial_number)"
    " AND (attribute_not_exists(blocked) OR blocked = :no)"
    " AND (attribute_not_exists(expires_at) OR expires_at > :now)"
    " AND (attribute_not_exists(certificate_id) OR certificate_id = :certificate)"
)


def handler(event: dict[str, Any], _context: Any = None) -> dict[str, Any]:
    """Let a listed device through once."""
    serial_number = event["parameters"]["SerialNumber"]
    try:
        answer = table.update_item(
            Key={"serial_number": serial_number},
            UpdateExpression="SET certificate_id = :certificate, reserved_at = :now",
            ConditionExpression=CONDITION,
            ExpressionAttributeValues={
                ":certificate": event["certificateId"],
                ":now": int(time.time()),
                ":no": False,
            },
            ReturnValues="ALL_NEW",
        )
    except ClientError as error:
        print(json.dumps({"serial_number": serial_number, "decision": "denied", "reason": str(error)}))
        return {"allowProvisioning": False, "parameterOverrides": {}}
    print(json.dumps({"serial_number": serial_number, "decision": "allowed"}))
    overrides = answer["Attributes"].get("parameter_overrides", {})
    return {"allowProvisioning": True, "parameterOverrides": overrides}
