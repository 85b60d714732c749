"""A template body inside a CA, whose role can be used for this CA alone.

The role's trust names the CA, so the CA is there before it has the body: the order that AWS tells,
https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from .certificates import client, gone_is_fine
from .cloudformation import Outcome

Registration = Mapping[str, str]
"""A CA's ``registrationConfig``."""
SECONDS_BETWEEN = 2.0
NOT_YET = "cannot be assumed"
"""What AWS IoT answers until a new role is seen everywhere."""


def handle(event: dict[str, Any], seconds_left: Callable[[], float]) -> Outcome:
    """Give a CA its body, or take it away."""
    properties = event["ResourceProperties"]
    ca_id = properties["CaCertificateId"]
    registration = {"templateBody": properties["TemplateBody"], "roleArn": properties["RoleArn"]}
    if event["RequestType"] == "Delete":
        take_away(client("iot"), ca_id, registration)
        return Outcome(event["PhysicalResourceId"])
    enabled = properties["Enabled"] == "true"
    give(client("iot"), ca_id, registration, enabled=enabled, seconds_left=seconds_left)
    return Outcome(f"template-of-{ca_id}")


def give(
    iot: Any, ca_id: str, registration: Registration, *, enabled: bool, seconds_left: Callable[[], float]
) -> None:
    """Give a CA what it registers devices by, and let it register them in the same call: none comes before.

    Args:
        iot: A botocore client of AWS IoT.
        ca_id: The CA.
        registration: The body in JSON and the role that AWS IoT applies it with, or the name of a template.
        enabled: Whether devices are registered.
        seconds_left: How long to wait for the role.
    """
    while True:
        try:
            iot.update_ca_certificate(
                certificateId=ca_id,
                newAutoRegistrationStatus="ENABLE" if enabled else "DISABLE",
                registrationConfig=registration,
            )
        except ClientError as error:
            if NOT_YET not in str(error) or seconds_left() <= SECONDS_BETWEEN:
                raise
            time.sleep(SECONDS_BETWEEN)
        else:
            return


def take_away(iot: Any, ca_id: str, registration: Registration) -> None:
    """Let a CA register no devices any more, unless it does so by something else by now.

    What replaces this resource in an update is in effect already when this resource is deleted.

    Args:
        iot: A botocore client of AWS IoT.
        ca_id: The CA; one that is gone is fine.
        registration: What this resource gave it.
    """
    with gone_is_fine():
        found = iot.describe_ca_certificate(certificateId=ca_id).get("registrationConfig") or {}
        if _says(found) == _says(registration):
            iot.update_ca_certificate(
                certificateId=ca_id, newAutoRegistrationStatus="DISABLE", removeAutoRegistration=True
            )


def _says(registration: Registration) -> tuple[str, Any]:
    # AWS IoT may write the same document in another way.
    return registration.get("templateName", ""), json.loads(registration.get("templateBody") or "null")
