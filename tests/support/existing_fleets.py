"""Fleets as they are read from an account: open ones, and one that is as safe as the defaults."""

import json
from dataclasses import replace

from device_provisioning.adopt.existing import (
    ExistingFleet,
    ExistingHook,
    ExistingPermission,
    ExistingPolicy,
    ExistingRole,
)
from device_provisioning.aws_iot import TemplateType
from device_provisioning.aws_iot.documents import (
    Environment,
    claim_policy,
    device_policy,
    provisioning_role_policy,
    provisioning_role_trust,
)
from tests.support.adoptable_fleet import BODY, CLAIM, EVERYTHING, NAME, TRUST
from workshop.emulator import ACCOUNT, REGION

PLACE = Environment(ACCOUNT, REGION)
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:sensor-hook"


def policy(name, content, **settings):
    return ExistingPolicy(name, content, json.dumps(content), **settings)


OPEN = ExistingFleet(
    name=NAME,
    arn=PLACE.template_arn(NAME),
    template_type=TemplateType.FLEET_PROVISIONING,
    body=BODY,
    enabled=True,
    role=ExistingRole("SensorProvisioning", TRUST, managed_policy_arns=["arn:aws:iam::aws:policy/Any"]),
    claim_policies=[policy("SensorClaim", EVERYTHING)],
    device_policies=[policy("SensorRuntime", EVERYTHING)],
)
"""A fleet without a hook."""

EVERYTHING_SET = replace(
    OPEN,
    enabled=False,
    description="All of it",
    tags={"team": "factory"},
    role=ExistingRole(
        "SensorProvisioning",
        TRUST,
        path="/iot/",
        description="AWS IoT registers with it",
        max_session_seconds=7200,
        permissions_boundary=f"arn:aws:iam::{ACCOUNT}:policy/Boundary",
        managed_policy_arns=["arn:aws:iam::aws:policy/One", "arn:aws:iam::aws:policy/Two"],
        inline_policies={"first": EVERYTHING, "second": EVERYTHING},
        tags={"team": "security"},
    ),
    hook=ExistingHook(
        f"{FUNCTION}:live",
        "2020-04-01",
        30,
        [
            ExistingPermission("one", "lambda:InvokeFunction", "iot.amazonaws.com"),
            ExistingPermission(
                "two", "lambda:InvokeFunction", "iot.amazonaws.com", PLACE.template_arn("*"), ACCOUNT
            ),
        ],
    ),
    claim_policies=[policy("SensorClaim", CLAIM), policy("OldClaim", EVERYTHING, tags={"old": "yes"})],
)

SAFE = replace(
    OPEN,
    role=ExistingRole(
        "SensorProvisioning",
        provisioning_role_trust(NAME, PLACE),
        inline_policies={"permissions": provisioning_role_policy(json.loads(BODY), PLACE)},
    ),
    hook=ExistingHook(
        FUNCTION,
        "2020-04-01",
        5,
        [
            ExistingPermission(
                "one", "lambda:InvokeFunction", "iot.amazonaws.com", PLACE.template_arn(NAME), ACCOUNT
            )
        ],
    ),
    claim_policies=[policy("SensorClaim", claim_policy(NAME, PLACE))],
    device_policies=[policy("SensorRuntime", device_policy(PLACE, shadow=True))],
)
