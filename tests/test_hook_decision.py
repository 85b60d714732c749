"""What the hook decides, without AWS."""

import re

import pytest

from device_provisioning.lambdas.pre_provisioning_hook.decision import Denied, Move, move
from device_provisioning.lambdas.pre_provisioning_hook.settings import NEVER, Settings

NOW = 1_800_000_000
EARLIER = "e" * 64


def settings(**changed):
    defaults = {
        "table_name": "devices",
        "serial_number_parameter": "SerialNumber",
        "serial_number_pattern": re.compile("[A-Z0-9-]+"),
        "reprovisioning": NEVER,
        "claim_settle_seconds": 30,
        "metrics_namespace": "DeviceProvisioning",
    }
    return Settings(**{**defaults, **changed})


def claimed(seconds_ago, **more):
    return {"certificate_id": EARLIER, "claimed_at": NOW - seconds_ago, **more}


@pytest.mark.parametrize("seconds_ago", [0, 1, 30, 10_000])
def test_a_replay_is_told_that_the_device_is_provisioned_however_soon_it_comes(seconds_ago):
    with pytest.raises(Denied, match=r"^already provisioned$"):
        move(EARLIER, "ACTIVE", claimed(seconds_ago), settings(), NOW)


@pytest.mark.parametrize("status", ["PENDING_ACTIVATION", "NOT_FOUND"])
@pytest.mark.parametrize("seconds_ago", [-5, 0, 29])
def test_an_attempt_that_may_be_under_way_is_not_overtaken(status, seconds_ago):
    with pytest.raises(Denied, match="in progress"):
        move(EARLIER, status, claimed(seconds_ago), settings(), NOW)


@pytest.mark.parametrize("status", ["PENDING_ACTIVATION", "NOT_FOUND"])
def test_an_attempt_that_came_to_nothing_does_not_use_up_the_serial_number(status):
    assert move(EARLIER, status, claimed(30), settings(), NOW) == Move(EARLIER, counts=False)
