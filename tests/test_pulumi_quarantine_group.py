"""The quarantine group on Pulumi."""

import pytest

from device_provisioning.pulumi import QuarantineGroup
from tests.support.pulumi_program import ran


def a_group(**settings):
    return QuarantineGroup("quarantine", settings)


def with_everything():
    a_group(thing_group_name="quarantine", topic_prefix="workshop")


def test_a_device_in_it_may_use_its_own_repair_topics_and_nothing_else():
    resources = [str(each["Resource"]) for each in ran(a_group).only("Policy")["policy"]["Statement"]]
    assert all("/repair/${iot:Connection.Thing.ThingName}/*" in each for each in resources[1:])
    assert resources[0].endswith(":client/${iot:Connection.Thing.ThingName}")


def test_the_policy_is_attached_to_the_group():
    attachment = ran(a_group).named("quarantine-attachment")
    depends_on = sorted(urn.rpartition("::")[2] for urn in attachment["dependencies"])
    assert depends_on == ["quarantine-group", "quarantine-policy-policy"]


def test_a_name_that_aws_iot_does_not_accept_is_refused():
    with pytest.raises(ValueError, match="thing_group_name 'a b' has"):
        ran(lambda: a_group(thing_group_name="a b"))


def test_defaults_match_the_snapshot(snapshot):
    assert ran(a_group).own_part(QuarantineGroup) == snapshot
    assert ran(a_group, preview=True).asked() == ran(a_group).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(QuarantineGroup) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()
