"""A template body inside a CA, whose role can be used for this CA alone.

The role's trust names the CA, so the CA is there before it has the body: the order that AWS tells,
https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html
"""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from .certificates import GONE, client, is_error
from .cloudformation import Outcome, respond

SECONDS_BETWEEN = 2.0
NOT_YET = "cannot be assumed"
"""What AWS IoT answers until a new role is seen everywhere."""


def handler(event: dict[str, Any], context: Any) -> None:
    """The function that CloudFormation invokes."""
    respond(event, context, handle)


def handle(event: dict[str, Any], seconds_left: Callable[[], float]) -> Outcome:
    """Give a CA its body, or take it away."""
    properties = event["ResourceProperties"]
    ca_id = properties["CaCertificateId"]
    if event["RequestType"] == "Delete":
        take_away(client("iot"), ca_id)
        return Outcome(event["PhysicalResourceId"])
    give(
        client("iot"),
        ca_id,
        body=properties["TemplateBody"],
        role_arn=properties["RoleArn"],
        enabled=properties["Enabled"] == "true",
        seconds_left=seconds_left,
    )
    return Outcome(f"template-of-{ca_id}")


def give(
    iot: Any, ca_id: str, *, body: str, role_arn: str, enabled: bool, seconds_left: Callable[[], float]
) -> None:
    """Give a CA a body, and let it register devices in the same call: none comes before the body.

    Args:
        iot: A botocore client of AWS IoT.
        ca_id: The CA.
        body: The body in JSON.
        role_arn: The role that AWS IoT applies it with.
        enabled: Whether devices are registered.
        seconds_left: How long to wait for the role.
    """
    while True:
        try:
            iot.update_ca_certificate(
                certificateId=ca_id,
                newAutoRegistrationStatus="ENABLE" if enabled else "DISABLE",
                registrationConfig={"templateBody": body, "roleArn": role_arn},
            )
        except ClientError as error:
            if NOT_YET not in str(error) or seconds_left() <= SECONDS_BETWEEN:
                raise
            time.sleep(SECONDS_BETWEEN)
        else:
            return


def take_away(iot: Any, ca_id: str) -> None:
    """Let a CA register no devices any more; one that is gone is fine."""
    try:
        iot.update_ca_certificate(
            certificateId=ca_id, newAutoRegistrationStatus="DISABLE", removeAutoRegistration=True
        )
    except ClientError as error:
        if not is_error(error, GONE):
            raise
