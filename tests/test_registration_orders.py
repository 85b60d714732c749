"""Just-in-time registration in every order of what certificates of one name, the operator and time do."""

import pytest

from device_provisioning.lambdas.just_in_time_registration import allow_list, registration
from device_provisioning.records import record as items
from tests.support import orders
from tests.support.enrolment import Scenario, blocks, listed, takes_out_of_use
from tests.support.explored import expect_a_violation, expect_properties_to_hold
from tests.support.hook_orders import Properties, X, Y, world
from tests.support.orders import Violation
from tests.support.registration_orders import WAITED_SECONDS, registers


class Complete(Properties):
    """Those, and that nothing is active that lacks something."""

    def __call__(self, state):
        super().__call__(state)
        for name, each in state.world.certificates.items():
            if each.status == "ACTIVE" and not (each.things and each.policies):
                orders.violated("P8", f"{name[:4]} is active without its thing or its policy")


def properties():
    return Complete(newcomer=registers, seconds=WAITED_SECONDS)


def two_certificates_of_one_name():
    """P1, P2, P5: each comes once, and runs end anywhere."""
    return Scenario(
        world(listed("A-1"), certificates=(X, Y)),
        [registers("one", X, "A-1"), registers("the other", Y, "A-1")],
        properties(),
        tick_seconds=15,
        ticks=4,
    )


def an_event_that_comes_twice_and_an_answer_that_is_lost():
    """P1, P2, P5: deliveries of one event, of which a write may get no answer."""
    return Scenario(
        world(listed("A-1"), certificates=(X,)),
        [registers("one", X, "A-1"), registers("one again", X, "A-1")],
        properties(),
        tick_seconds=15,
        ticks=4,
        losses=1,
    )


def an_activation_that_is_not_answered():
    """P8: whether it was carried out is not known, or it is carried out later."""
    return Scenario(
        world(listed("A-1"), certificates=(X,)),
        [registers("one", X, "A-1"), registers("one again", X, "A-1", after=("one",))],
        properties(),
        tick_seconds=15,
        ticks=4,
        losses=2,
        lost=frozenset({"update_certificate", "describe_certificate"}),
        late=frozenset({"update_certificate"}),
    )


def an_operator_who_acts_meanwhile():
    """P4: the device is blocked, its certificate deactivated, and the event comes again."""
    return Scenario(
        world(listed("A-1"), certificates=(X,)),
        [registers("one", X, "A-1"), registers("one again", X, "A-1", after=("one",))],
        properties(),
        acts=[blocks("A-1"), takes_out_of_use(X)],
        tick_seconds=15,
        ticks=4,
    )


SCENARIOS = [
    two_certificates_of_one_name,
    an_event_that_comes_twice_and_an_answer_that_is_lost,
    an_activation_that_is_not_answered,
    an_operator_who_acts_meanwhile,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_the_properties_hold_in_every_order(scenario, capsys):
    expect_properties_to_hold(scenario, capsys, more_than=100)


def _is_active_or_fails(made, certificate_id):
    return made._status_of(certificate_id) == "ACTIVE"


GUARDS = {
    "a lease is not waited for": (
        two_certificates_of_one_name,
        "P1",
        [(allow_list, "LEASE_SECONDS", -1000)],
    ),
    "the move pins nothing": (
        two_certificates_of_one_name,
        "P1",
        [(items, "_READ", (items.SERIAL_NUMBER,))],
    ),
    "an active certificate counts as one that came to nothing": (
        two_certificates_of_one_name,
        "P1",
        [(allow_list, "_NOT_COMPLETED", {"PENDING_ACTIVATION", "NOT_FOUND", "ACTIVE"})],
    ),
    "a certificate that never became active keeps its name": (
        two_certificates_of_one_name,
        "P2",
        [(allow_list, "_NOT_COMPLETED", frozenset())],
    ),
    "what may be active is undone when nobody answers": (
        an_activation_that_is_not_answered,
        "P8",
        [(registration.Registration, "_is_active", _is_active_or_fails)],
    ),
    "what is not active yet is undone": (
        an_activation_that_is_not_answered,
        "P8",
        [(registration, "_did_nothing", lambda _error: True)],
    ),
    "a blocked device is registered": (
        an_operator_who_acts_meanwhile,
        "P4",
        [(items, "NOT_BLOCKED", items.LISTED)],
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_without_a_guard_an_order_is_found_that_breaks_a_property(guard, monkeypatch):
    expect_a_violation(GUARDS[guard], monkeypatch)


def test_a_deactivated_certificate_would_be_made_active_if_its_state_were_not_asked(
    monkeypatch,
):
    describe = registration.Registration._certificate

    def pending(self, event):
        return {**describe(self, event), "status": "PENDING_ACTIVATION"}

    monkeypatch.setattr(registration.Registration, "_certificate", pending)
    monkeypatch.setattr(orders, "CHECKED", {"P4"})
    with pytest.raises(Violation, match=r"^P4: "):
        an_operator_who_acts_meanwhile().explored()
