"""Certificates are taken out of use although detaching takes AWS IoT several seconds."""

from functools import partial

import pytest
from botocore.exceptions import ClientError

from device_provisioning.lambdas.custom_resources import revoking
from device_provisioning.lambdas.custom_resources.cloudformation import Failed
from device_provisioning.lambdas.custom_resources.provisioned_certificates import revoke_holders
from device_provisioning.lambdas.custom_resources.revoking import revoke
from tests.support.slow_detach import ARN, SlowDetach

NAMES = ["first", "second", "third"]


@pytest.fixture
def slow(monkeypatch):
    def made(seconds, names=NAMES):
        iot = SlowDetach(names, seconds)
        monkeypatch.setattr(revoking.time, "sleep", iot.sleep)
        return iot

    return made


def until(iot, seconds):
    return lambda: seconds - iot.now


def test_all_certificates_are_deleted_as_soon_as_aws_iot_has_detached_them(slow):
    iot = slow(seconds=9)
    revoke_holders(iot, "policy", until(iot, 60))
    assert iot.status == {}
    assert iot.now < 12


def test_every_certificate_is_inactive_before_the_first_is_deleted(slow):
    iot = slow(seconds=9)
    revoke_holders(iot, "policy", until(iot, 60))
    calls = [name for name, _ in iot.calls]
    assert calls.index("delete_certificate") > max(
        number for number, name in enumerate(calls) if name == "update_certificate"
    )


def test_what_can_not_be_deleted_in_time_is_inactive_and_the_next_attempt_finds_it(slow):
    iot = slow(seconds=90)
    with pytest.raises(Failed, match="0 certificates were deleted and 3 are left, 3 of them inactive"):
        revoke_holders(iot, "policy", until(iot, 60))
    assert set(iot.status.values()) == {"INACTIVE"}
    iot.now = 100
    revoke_holders(iot, "policy", until(iot, 160))
    assert iot.status == {}


def test_more_certificates_than_there_is_time_for_become_fewer_with_each_attempt(slow):
    iot = slow(seconds=0, names=[f"number-{number}" for number in range(50)])
    left = []
    while iot.status:
        try:
            revoke_holders(iot, "policy", partial(passing, iot, iot.now + 60))
        except Failed:
            left.append(len(iot.status))
    assert left == sorted(set(left), reverse=True)
    assert len(left) > 1


def passing(iot, end):
    """Each look at the clock finds it two seconds later."""
    iot.now += 2
    return end - iot.now


def test_whichever_call_fails_the_next_attempt_finds_what_is_left(slow):
    whole = slow(seconds=3)
    revoke_holders(whole, "policy", until(whole, 60))
    for fails_at, call in enumerate(whole.calls):
        iot = slow(seconds=3)
        iot.fails_at = fails_at
        with pytest.raises(ClientError, match="ServiceUnavailableException"):
            revoke_holders(iot, "policy", until(iot, 60))
        revoke_holders(iot, "policy", until(iot, iot.now + 60))
        assert iot.status == {}, call
    assert {name for name, _ in whole.calls} == {
        "list_targets_for_policy",
        "update_certificate",
        "list_principal_things",
        "detach_thing_principal",
        "delete_certificate",
    }


def test_waiting_ends_where_nothing_is_ever_detached(slow):
    iot = slow(seconds=float("inf"))
    with pytest.raises(Failed, match="3 are left"):
        revoke_holders(iot, "policy", lambda: float("inf"))
    assert iot.now <= 400


def test_a_single_certificate_that_stays_attached_is_inactive_and_the_conflict_is_reported(slow):
    iot = slow(seconds=float("inf"))
    with pytest.raises(ClientError, match="DeleteConflictException"):
        revoke(iot, ARN + "second")
    assert iot.status["second"] == "INACTIVE"
    assert iot.now < 60


def test_a_single_certificate_is_deleted_when_it_is_detached(slow):
    iot = slow(seconds=7)
    revoke(iot, ARN + "second")
    assert "second" not in iot.status
    revoke(iot, ARN + "second")
