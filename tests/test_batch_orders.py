"""Batches in every order of what devices, the operator and time do."""

import json
from dataclasses import replace

import pytest

from device_provisioning.lambdas.pre_provisioning_hook import allow_list, batches, decision
from device_provisioning.records import batch, record
from device_provisioning.records.record import CERTIFICATE_ID, RESERVED_AT, Condition, is_device, plain, typed
from tests.support.enrolment import Act, Scenario, listed
from tests.support.explored import expect_a_violation, expect_properties_to_hold
from tests.support.hook_orders import Properties, X, Y, Z, asks, world
from tests.support.orders import violated

LINE_4 = batch.batch_key("line-4")
KEY = LINE_4["serial_number"]["S"]
AT_THE_CLOSE = "let_through_at_the_close"


def of_line_4(serial_number, **attributes):
    return listed(serial_number, batch_name="line-4", **attributes)


def line_4(**attributes):
    said = {batch.IS_OPEN: True, **attributes}
    return {**LINE_4, **{name: typed(value) for name, value in said.items()}}


def reservations(world):
    """Who was let through, and when."""
    devices = [plain(item) for item in world.items.values() if is_device(item)]
    return {
        each["serial_number"]: [each[CERTIFICATE_ID], each[RESERVED_AT]]
        for each in devices
        if CERTIFICATE_ID in each
    }


class OfBatches(Properties):
    """What holds for a batch besides.

    B1: as many serial numbers as its quota are let through at most, and it counts each once.
    B2: nobody is let through once it is closed.
    """

    def __call__(self, state):
        super().__call__(state)
        found, let_through = plain(state.world.items[KEY]), reservations(state.world)
        if len(let_through) > found.get(batch.QUOTA, len(let_through)):
            violated("B1", f"{len(let_through)} are let through, the quota is {found[batch.QUOTA]}")
        if len(let_through) != found.get(batch.ENROLLED, 0):
            violated("B1", f"{len(let_through)} are let through, counted are {found.get(batch.ENROLLED, 0)}")
        if AT_THE_CLOSE in found and let_through != json.loads(found[AT_THE_CLOSE]):
            violated("B2", "somebody is let through although the batch is closed")

    def _require_not_burnt(self, world, serial_number):
        found = plain(world.items[KEY])
        is_full = len(reservations(world)) >= found.get(batch.QUOTA, len(world.items))
        if found[batch.IS_OPEN] and (serial_number in reservations(world) or not is_full):
            super()._require_not_burnt(world, serial_number)


def closes():
    def change(state):
        let_through = typed(json.dumps(reservations(state.world)))
        closed = {**state.world.items[KEY], batch.IS_OPEN: typed(False), AT_THE_CLOSE: let_through}
        return replace(state, world=state.world.with_item(closed))

    return Act("the operator closes the batch", change)


def more_devices_than_places():
    """B1: two devices and one place, of which one loses its answer and asks again."""
    return Scenario(
        world(of_line_4("A-1"), of_line_4("B-1"), line_4(device_quota=1)),
        [
            asks("A-1", X, "A-1"),
            asks("A-1 again", X, "A-1", after=("A-1",)),
            asks("B-1", Y, "B-1"),
        ],
        OfBatches(),
        losses=1,
        ticks=1,
    )


def one_device_with_two_certificates():
    """B1: who comes with another certificate takes no second place."""
    return Scenario(
        world(of_line_4("A-1"), of_line_4("B-1"), line_4(device_quota=2)),
        [asks("A-1", X, "A-1"), asks("A-1 anew", Y, "A-1"), asks("B-1", Z, "B-1")],
        OfBatches(),
        ticks=3,
    )


def a_batch_that_is_closed_meanwhile():
    """B2: a device asks, asks again, and another comes, while the batch is closed."""
    return Scenario(
        world(of_line_4("A-1"), of_line_4("B-1"), line_4()),
        [
            asks("A-1", X, "A-1"),
            asks("A-1 again", X, "A-1", after=("A-1",)),
            asks("B-1", Y, "B-1"),
        ],
        OfBatches(),
        acts=[closes()],
        ticks=1,
    )


SCENARIOS = [more_devices_than_places, one_device_with_two_certificates, a_batch_that_is_closed_meanwhile]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_the_properties_hold_in_every_order(scenario, capsys):
    expect_properties_to_hold(scenario, capsys, more_than=1000)


ANYTHING = Condition(f"attribute_exists({record.SERIAL_NUMBER})")
GUARDS = {
    "the write does not ask for a place": (
        more_devices_than_places,
        "B1",
        [(allow_list, "has_a_place", batch.as_it_was)],
    ),
    "a place is not counted": (
        more_devices_than_places,
        "B1",
        [(allow_list, "ONE_MORE", Condition("SET unused = :none", {":none": {"N": "0"}}))],
    ),
    "who comes again counts again": (
        one_device_with_two_certificates,
        "B1",
        [(decision, "CERTIFICATE_ID", "another_name")],
    ),
    "the write does not ask whether the batch is open": (
        a_batch_that_is_closed_meanwhile,
        "B2",
        [(allow_list, "has_a_place", lambda _: ANYTHING), (allow_list, "as_it_was", lambda _: ANYTHING)],
    ),
    "who asks again is not asked for the batch": (
        a_batch_that_is_closed_meanwhile,
        "B2",
        [(allow_list, "as_it_was", lambda _: ANYTHING)],
    ),
    "a closed batch is read as an open one": (
        a_batch_that_is_closed_meanwhile,
        "B2",
        [(batches.Batch, "require_open", lambda *_: None)],
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_without_a_guard_an_order_is_found_that_breaks_a_property(guard, monkeypatch):
    expect_a_violation(GUARDS[guard], monkeypatch)
