"""What a scenario has to show in every order: that its properties hold, and that each guard is needed."""

import pytest

from tests.support import orders
from tests.support.orders import Violation


def expect_properties_to_hold(scenario, capsys, *, more_than):
    """The properties hold in all orders of a scenario, and there are enough of them to mean something."""
    number, states = scenario().explored()
    with capsys.disabled():
        print(f"\n{scenario.__name__}: {number:,} orders, {states:,} states", end=" ")
    assert number > more_than


def expect_a_violation(guard, monkeypatch):
    """Without a guard an order breaks the property that it guards.

    Args:
        guard: The scenario, the property, and what takes the guard away: module, name and value each.
        monkeypatch: Takes it away.
    """
    scenario, broken, patches = guard
    for module, name, value in patches:
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(orders, "CHECKED", {broken})
    with pytest.raises(Violation, match=f"^{broken}: "):
        scenario().explored()
