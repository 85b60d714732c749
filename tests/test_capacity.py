"""How long devices take to enrol, which quota holds them up, and what it costs."""

import json
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from device_provisioning.aws_iot.limits import MAX_THING_GROUPS
from device_provisioning.capacity import prices, quotas
from device_provisioning.capacity.planning import plans
from device_provisioning.capacity.quotas import rates
from device_provisioning.capacity.ways import WAYS
from device_provisioning.cli import app
from device_provisioning.console.sources import UnreadableError
from device_provisioning.verification import cost


def planned(devices=1_000_000, region="eu-west-1", raised=(), thing_groups=0):
    return {plan.way.name: plan for plan in plans(devices, rates(region, raised), thing_groups)}


def written(*arguments, env=None):
    return CliRunner().invoke(
        app, ["plan", *arguments], env={"AWS_REGION": "", "COLUMNS": "200", **(env or {})}
    )


def test_a_million_devices_take_28_hours_by_claim():
    plan = planned()["claim"]
    assert plan.seconds == 100_000
    assert plan.ends_first == ("RegisterThing", "UpdateCertificate", "CreateKeysAndCertificate")


def test_raising_one_of_the_quotas_that_end_first_changes_nothing():
    assert planned(raised=["RegisterThing=1000"])["claim"].seconds == planned()["claim"].seconds


def test_raising_all_of_them_leaves_it_to_the_next():
    raised = planned(raised=["RegisterThing=1000", "UpdateCertificate=1000", "CreateKeysAndCertificate=1000"])
    assert (raised["claim"].ends_first, raised["claim"].devices_a_second) == (("AttachPolicy",), 15)


def test_a_device_that_asks_twice_for_the_same_counts_twice():
    slow = planned(devices=30, raised=["Connect=3"])
    assert (slow["claim"].ends_first, slow["claim"].seconds) == (("Connect",), 20)
    assert slow["bulk"].ends_first != ("Connect",)


def test_devices_take_a_whole_second_at_least():
    assert {plan.seconds for plan in planned(devices=1).values()} == {1}


def test_groups_of_a_thing_hold_devices_up_in_a_select_region():
    large, small = (planned(region=region, thing_groups=MAX_THING_GROUPS)["claim"] for region in REGIONS)
    assert large.devices_a_second == 10
    assert (small.ends_first, small.devices_a_second) == (("AddThingToThingGroup",), 6)


REGIONS = ("eu-west-1", "eu-north-1")


def test_what_devices_cost_is_the_sum_of_what_each_uses():
    # 3 operations, 2 minutes, 12 messages, a request, half a gigabyte-second, 4 writes, 2 kilobytes
    by_claim = (
        Decimal("3.75") + Decimal("0.16") + 12 + Decimal("0.20") + Decimal("8.335") + Decimal("2.52") + 1
    )
    by_certificate = Decimal("3.75") + Decimal("0.16") + 2
    in_bulk = Decimal("3.75") + 100 + Decimal("0.01")
    assert planned()["claim"].dollars == by_claim + Decimal("0.005")
    assert planned()["jitp"].dollars == by_certificate
    assert planned()["bulk"].dollars == in_bulk
    assert planned()["claim"].dollars_a_month == Decimal("1.30")


def test_a_part_of_a_cent_is_a_cent():
    assert planned(devices=1)["jitp"].dollars == Decimal("0.01")


def test_every_group_of_a_thing_costs_an_operation_of_the_registry():
    more = planned(thing_groups=2)["jitp"].dollars - planned()["jitp"].dollars
    assert more == 2 * prices.REGISTRY.dollars


def test_every_quota_is_met_and_every_price_is_counted():
    assert {name for way in WAYS for name in way.calls_with(1)} == {quota.name for quota in quotas.QUOTAS}
    counted = {price for way in WAYS for price in (*way.used, *way.monthly)} | set(cost.COUNTED)
    assert counted == set(prices.PRICES)


def test_everything_that_is_wrong_is_reported_at_once():
    with pytest.raises(UnreadableError) as refused:
        rates("Ireland", ["RegisterThings=50", "Connect", "AttachPolicy=0", "Connect=5"])
    assert str(refused.value).splitlines() == [
        "'Ireland' is not a Region: give one such as eu-west-1",
        f"--quota RegisterThings=50: there is no quota 'RegisterThings' here: give one of {NAMES}",
        "--quota Connect: give NAME=VALUE, how often a second, such as RegisterThing=50",
        "--quota AttachPolicy=0: give NAME=VALUE, how often a second, such as RegisterThing=50",
        "--quota Connect=5: Connect is given twice: give it once",
    ]


NAMES = ", ".join(quota.name for quota in quotas.QUOTAS)


def test_the_command_shows_each_way_and_how_old_its_numbers_are():
    shown = written("--devices", "1000000", "--region", "eu-west-1")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("1,000,000 devices in eu-west-1\n")
    assert all(f"{way.name}: {way.description}" in shown.stdout for way in WAYS)
    assert "27.8 hours" in shown.stdout
    assert f"as of {quotas.AS_OF}" in shown.stdout
    assert f"prices of {prices.REGION} as of {prices.AS_OF}" in shown.stdout


def test_the_command_writes_the_same_as_json():
    document = json.loads(
        written("--devices", "1000", "--quota", "RegisterThing=5", "--format", "json").stdout
    )
    assert (document["version"], document["devices"], document["region"]) == (1, 1000, "us-east-1")
    assert document["ways"][0] == {
        "way": "claim",
        "description": WAYS[0].description,
        "ends_first": ["RegisterThing"],
        "devices_a_second": 5.0,
        "hours": 0.06,
        "dollars": 0.03,
        "dollars_a_month": 1.3,
    }


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_the_region_is_the_one_that_aws_tools_would_use(variable):
    shown = written("--devices", "1", env={"AWS_DEFAULT_REGION": "", variable: "eu-north-1"})
    assert shown.stdout.startswith("1 device in eu-north-1\n")


def test_a_wrong_option_ends_with_status_2():
    refused = written("--devices", "1", "--quota", "nothing")
    assert refused.exit_code == 2
    assert "there is no quota 'nothing' here" in refused.stderr
