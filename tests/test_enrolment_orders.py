"""The hook in every order of what devices, thieves, AWS IoT, the operator and time do.

Nobody sleeps and nothing is left to luck: each call of AWS is a step, and anybody may take the next one.
"""

import pytest

from device_provisioning.lambdas.pre_provisioning_hook import allow_list, decision
from device_provisioning.records import record as items
from tests.support.enrolment import NOW, Scenario, blocks, imports, listed, takes_out_of_use
from tests.support.explored import expect_a_violation, expect_properties_to_hold
from tests.support.hook_orders import Properties, X, Y, Z, asks, world


def two_certificates_and_a_lost_answer():
    """P1, P2, P5, P6: a device and a thief ask for one serial number."""
    return Scenario(
        world(listed("A-1")),
        [
            asks("the device", X, "A-1"),
            asks("the device again", X, "A-1", after=("the device",)),
            asks("a thief", Y, "A-1"),
        ],
        Properties(),
        losses=1,
    )


def an_operator_who_acts_meanwhile():
    """P4: a device is blocked and its certificate deactivated, and it asks again with its token."""
    return Scenario(
        world(listed("A-1")),
        [
            asks("the device", X, "A-1"),
            asks("the device again", X, "A-1", after=("the device",)),
            asks("the device once more", X, "A-1", after=("the device again",)),
        ],
        Properties(),
        acts=[blocks("A-1"), takes_out_of_use(X)],
        ticks=2,
    )


def one_certificate_and_three_serial_numbers():
    """P3, P2: a certificate reserves as much as it can; another device wants one of them."""
    return Scenario(
        world(listed("A-1"), listed("B-1"), listed("C-1", certificate_id=Z, reserved_at=1)),
        [
            asks("A-1", X, "A-1"),
            asks("B-1", X, "B-1"),
            asks("C-1", X, "C-1"),
            asks("the real B-1", Y, "B-1"),
        ],
        Properties(),
        ticks=2,
    )


def a_serial_number_that_registers_again():
    """P1 with a number: a serial number registers at most once more."""
    return Scenario(
        world(listed("A-1"), certificates=(X, Y, Z)),
        [asks(f"device {name[:1]}", name, "A-1", reprovisioning=1) for name in (X, Y, Z)],
        Properties(reprovisioning=1),
        ticks=4,
    )


def a_list_that_changes_meanwhile():
    """P7: the list gives the site, changes it, and a device says what it likes."""
    sent = {"parameters": {"Site": "lab"}, "listed_parameters": frozenset({"Site"})}
    return Scenario(
        world(listed("A-1", parameter_overrides={"Site": "lab"}), listed("B-1")),
        [
            asks("lab", X, "A-1", **sent),
            asks("lab again", X, "A-1", after=("lab",), **sent),
            asks("a silent one", Y, "A-1", listed_parameters=frozenset({"Site"})),
            asks("B-1 from the lab", Z, "B-1", **sent),
        ],
        Properties(),
        acts=[imports("A-1", Site="plant7")],
        ticks=2,
    )


def a_record_of_an_earlier_version():
    """P1, P2, P5: nothing is bound, and the record has the name that reservations had before."""
    return Scenario(
        world(listed("A-1", certificate_id=X, claimed_at=NOW)),
        [asks("the device again", X, "A-1"), asks("another", Y, "A-1"), asks("a third", Z, "A-1")],
        Properties(),
    )


SCENARIOS = [
    two_certificates_and_a_lost_answer,
    an_operator_who_acts_meanwhile,
    one_certificate_and_three_serial_numbers,
    a_serial_number_that_registers_again,
    a_list_that_changes_meanwhile,
    a_record_of_an_earlier_version,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_the_properties_hold_in_every_order(scenario, capsys):
    expect_properties_to_hold(scenario, capsys, more_than=1000)


LISTED = items.LISTED
GUARDS = {
    "the move pins the certificate only": (
        two_certificates_and_a_lost_answer,
        "P1",
        [(items, "_READ", (items.CERTIFICATE_ID, items.PARAMETER_OVERRIDES))],
    ),
    "the move pins nothing": (
        two_certificates_and_a_lost_answer,
        "P1",
        [(items, "_READ", (items.SERIAL_NUMBER,))],
    ),
    "the reservation is not waited for": (
        two_certificates_and_a_lost_answer,
        "P1",
        [(decision, "reserved_at", lambda _record: 0)],
    ),
    "an active certificate counts as one that came to nothing": (
        two_certificates_and_a_lost_answer,
        "P1",
        [(decision, "NOT_COMPLETED", {"PENDING_ACTIVATION", "NOT_FOUND", "ACTIVE"})],
    ),
    "a pending certificate counts as registered": (
        two_certificates_and_a_lost_answer,
        "P2",
        [(decision, "NOT_COMPLETED", {"NOT_FOUND"})],
    ),
    "a certificate that is active gets no answer again": (
        two_certificates_and_a_lost_answer,
        "P6",
        [(decision, "NOT_TAKEN_OUT_OF_USE", {"PENDING_ACTIVATION"})],
    ),
    "a certificate that is pending gets no answer again": (
        two_certificates_and_a_lost_answer,
        "P6",
        [(decision, "NOT_TAKEN_OUT_OF_USE", {"ACTIVE"})],
    ),
    "a certificate that was taken out of use gets the same answer": (
        an_operator_who_acts_meanwhile,
        "P4",
        [(decision, "NOT_TAKEN_OUT_OF_USE", {"PENDING_ACTIVATION", "ACTIVE", "INACTIVE"})],
    ),
    "the write does not ask whether the record is blocked": (
        an_operator_who_acts_meanwhile,
        "P4",
        [(items, "NOT_BLOCKED", LISTED)],
    ),
    "a certificate is bound to nothing": (
        one_certificate_and_three_serial_numbers,
        "P3",
        [(allow_list, "_bound", lambda _request, _found: items.Condition("attribute_not_exists(nothing)"))],
    ),
    "a number of times is not counted": (
        a_serial_number_that_registers_again,
        "P1",
        [(decision, "_registers_again", lambda _record, _settings: 1)],
    ),
    "the write does not ask whether the list changed": (
        a_list_that_changes_meanwhile,
        "P7",
        [(items, "_READ", (items.CERTIFICATE_ID, items.RESERVED_AT, items.CLAIMED_AT))],
    ),
    "what a device sends is not compared with its record": (
        a_list_that_changes_meanwhile,
        "P7",
        [(decision, "_require_listed_parameters", lambda *_: None)],
    ),
    "the name that reservations had before is not read": (
        a_record_of_an_earlier_version,
        "P2",
        [(items, "CLAIMED_AT", "another_name")],
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_without_a_guard_an_order_is_found_that_breaks_a_property(guard, monkeypatch):
    expect_a_violation(GUARDS[guard], monkeypatch)
