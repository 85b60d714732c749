"""Devices that replace their certificates, in every order of what they, AWS IoT, the operator and time do."""

import pytest

from device_provisioning.lambdas.certificate_rotation import allow_list, retirement
from device_provisioning.records import record as items
from tests.support import orders
from tests.support.enrolment import Scenario, blocks, takes_out_of_use
from tests.support.explored import expect_a_violation, expect_properties_to_hold
from tests.support.hook_orders import NEW, asks
from tests.support.orders import Violation
from tests.support.rotation_orders import (
    FIRST,
    OLD,
    OTHER,
    SECOND,
    check_that_the_record_names_a_certificate_in_use,
    confirms,
    deletes_what_is_out_of_use,
    rotates,
    world_of_a_registered_device,
)


def confirmations_that_come_late_and_twice():
    """P5, P1: two replacements, each confirmed; the old certificate is deleted, and a thief comes."""
    return Scenario(
        world_of_a_registered_device().with_certificate(NEW),
        [
            rotates("first", OLD, FIRST),
            rotates("second", FIRST, SECOND, after=("first",)),
            confirms("first confirmed", FIRST, after=("first",)),
            confirms("first confirmed again", FIRST, after=("first confirmed",)),
            confirms("second confirmed", SECOND, after=("second",)),
            asks("a thief", NEW, "A-1", after=("first confirmed",)),
        ],
        _check_all,
        acts=[deletes_what_is_out_of_use(OLD)],
        ticks=0,
    )


def an_operator_who_shuts_a_device_out():
    """P4: a blocked device asks, and a certificate that was deactivated asks again with its token."""
    return Scenario(
        world_of_a_registered_device(),
        [
            rotates("asked", OLD, FIRST),
            rotates("asked again", OLD, FIRST, after=("asked",)),
            rotates("asked once more", OLD, FIRST, after=("asked again",)),
        ],
        lambda _state: None,
        acts=[blocks("A-1"), takes_out_of_use(FIRST)],
        ticks=1,
        losses=1,
    )


def a_new_certificate_that_registers_elsewhere():
    """P3: a certificate that replaces another registers elsewhere, or the other way round."""
    return Scenario(
        world_of_a_registered_device(),
        [
            rotates("replaced", OLD, OTHER),
            asks("registered", OTHER, "B-1"),
            asks("registered again", OTHER, "B-1", after=("registered",)),
        ],
        _check_bindings,
        ticks=1,
    )


def _check_all(state):
    check_that_the_record_names_a_certificate_in_use(state)
    active = {certificate for name, certificate in state.world.active if name == "A-1"}
    if len(active) > 1:
        orders.violated("P1", "two certificates registered under A-1")


def _check_bindings(state):
    for certificate, described in state.world.certificates.items():
        if len(described.things) > 1:
            orders.violated("P3", f"{certificate[:4]} has become active for two serial numbers")


SCENARIOS = [
    confirmations_that_come_late_and_twice,
    an_operator_who_shuts_a_device_out,
    a_new_certificate_that_registers_elsewhere,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_the_properties_hold_in_every_order(scenario, capsys):
    expect_properties_to_hold(scenario, capsys, more_than=100)


GUARDS = {
    "the record does not name the new certificate": (
        confirmations_that_come_late_and_twice,
        "P5",
        [(allow_list.AllowList, "name", lambda *_: None)],
    ),
    "nobody is kept from a certificate that was deleted": (
        confirmations_that_come_late_and_twice,
        "P1",
        [(allow_list.AllowList, "name", lambda *_: None)],
    ),
    "a late confirmation counts like a new one": (
        confirmations_that_come_late_and_twice,
        "P5",
        [(allow_list.AllowList, "_is_named", lambda *_: False)],
    ),
    "the record is written over whatever it holds by now": (
        confirmations_that_come_late_and_twice,
        "P5",
        [(items, "_READ", (items.SERIAL_NUMBER,))],
    ),
    "a blocked device is let through": (
        an_operator_who_shuts_a_device_out,
        "P4",
        [(allow_list, "NOT_BLOCKED", items.LISTED)],
    ),
    "a certificate that was taken out of use is let through": (
        an_operator_who_shuts_a_device_out,
        "P4",
        [(allow_list, "_IN_USE", {"PENDING_ACTIVATION", "ACTIVE", "INACTIVE"})],
    ),
    "the new certificate is not bound": (
        a_new_certificate_that_registers_elsewhere,
        "P3",
        [(allow_list.AllowList, "bind", lambda *_: None)],
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_without_a_guard_an_order_is_found_that_breaks_a_property(guard, monkeypatch):
    expect_a_violation(GUARDS[guard], monkeypatch)


def test_if_the_old_certificate_is_retired_first_the_record_names_what_is_out_of_use(monkeypatch):
    retire, name = retirement._take_out_of_use, allow_list.AllowList.name
    put_off = []
    monkeypatch.setattr(allow_list.AllowList, "name", lambda *given: put_off.append(given))

    def first(*given):
        retire(*given)
        while put_off:
            name(*put_off.pop())

    monkeypatch.setattr(retirement, "_take_out_of_use", first)
    monkeypatch.setattr(orders, "CHECKED", {"P5"})
    with pytest.raises(Violation, match=r"^P5: "):
        confirmations_that_come_late_and_twice().explored()
