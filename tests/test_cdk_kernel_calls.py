"""What a fleet asks the CDK's kernel: most of the time of a synthesis goes there."""

from collections import Counter

import pytest

from device_provisioning.cdk import FleetProvisioning
from tests.support.kernel_calls import kernel_calls
from tests.support.synthesis import a_stack

MOST = 60


@pytest.fixture
def stack():
    """A stack whose caretaker and first fleet are there."""
    made = a_stack()
    a_fleet(made, "First")
    return made


def a_fleet(stack, name):
    return FleetProvisioning(stack, name, thing_name_prefix=f"{name.lower()}-")


def test_one_more_fleet_asks_the_kernel_60_times_at_most(stack, monkeypatch):
    with kernel_calls(monkeypatch) as asked:
        a_fleet(stack, "Next")
    assert len(asked) <= MOST, Counter(asked).most_common()


def test_each_further_fleet_asks_as_often(stack, monkeypatch):
    numbers = []
    for name in ("Second", "Third", "Fourth"):
        with kernel_calls(monkeypatch) as asked:
            a_fleet(stack, name)
        numbers.append(len(asked))
    assert len(set(numbers)) == 1
