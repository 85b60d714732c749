"""The bodies that the constructs make of their settings."""

import pytest

from device_provisioning.aws_iot.fleet_body import fleet_body
from device_provisioning.aws_iot.jitp_body import jitp_body

KEPT = {"AttributePayload": "DO_NOTHING", "ThingGroups": "DO_NOTHING", "ThingTypeName": "DO_NOTHING"}


def made(kind, **settings):
    if kind == "fleet":
        return fleet_body(policy_name="sensor", thing_name_prefix="sensor-", **settings).document
    return jitp_body(policy_name="sensor", **settings).document


@pytest.mark.parametrize("kind", ["fleet", "jitp"])
@pytest.mark.parametrize(
    ("settings", "changed"),
    [
        ({}, {}),
        ({"thing_type_name": "Sensor"}, {}),
        ({"thing_groups": ["sensors"]}, {"ThingGroups": "MERGE"}),
        ({"attributes": {"site": "lab"}}, {"AttributePayload": "MERGE"}),
    ],
)
def test_what_happens_to_a_thing_that_exists_is_always_written(kind, settings, changed):
    thing = made(kind, **settings)["Resources"]["thing"]
    assert thing["OverrideSettings"] == KEPT | changed
