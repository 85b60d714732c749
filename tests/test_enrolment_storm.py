"""A power cut ends, and all devices come at once: quotas make them wait, and none loses its place."""

import random

import pytest

from device_provisioning.records import record as items
from tests.support.enrolment import NOW, listed
from tests.support.hook_orders import settings_of_hook
from tests.support.hooks import a_request
from tests.support.modelled_aws import Certificate, World
from tests.support.storm import Storm

# https://docs.aws.amazon.com/general/latest/gr/iot-core.html
A_SECOND = 10


def certificate(number, kind):
    return f"{kind}{number:063x}"


def a_storm(devices, quotas):
    """Devices that had reserved their serial numbers when the power went, each with a new certificate."""
    records = [
        listed(f"A-{number}", certificate_id=certificate(number, "a"), reserved_at=NOW - 3600)
        for number in range(devices)
    ]
    certificates = {certificate(number, kind): Certificate() for number in range(devices) for kind in "ab"}
    world = World(NOW, {record["serial_number"]["S"]: record for record in records}, certificates)
    return Storm(world, quotas, settings_of_hook())


@pytest.mark.parametrize(
    ("devices", "quotas"),
    [
        (500, {"register_thing": A_SECOND, "describe_certificate": A_SECOND}),
        (150, {"describe_certificate": A_SECOND}),
    ],
    ids=["the default quotas", "a raised quota of RegisterThing"],
)
def test_every_device_of_a_storm_registers_in_about_the_time_that_the_quotas_force(devices, quotas):
    random.seed(7)
    storm, forced_seconds = a_storm(devices, quotas), devices / A_SECOND
    storm.run(a_request(f"A-{number}", certificate(number, "b")) for number in range(devices))
    registered = {(f"A-{number}", certificate(number, "b")) for number in range(devices)}
    assert storm.world.active == registered
    for serial_number, name in registered:
        assert items.plain(storm.world.record(serial_number))["certificate_id"] == name
    assert forced_seconds * 0.9 - 1 < storm.seconds < forced_seconds * 2
    assert all(storm.throttled[operation] for operation in list(quotas)[:1])
