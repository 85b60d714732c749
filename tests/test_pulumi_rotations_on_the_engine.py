"""Certificates that are replaced, in a program that Pulumi's own engine deploys to the emulator."""

import pytest
from needing_engine import needs_engine
from pumps import require_swap

from device_provisioning.local.pulumi_engine import FLEET, stack_of
from device_provisioning.pulumi import CertificateRotation, DevicePolicy

pytestmark = [needs_engine, pytest.mark.timeout(900)]

ROTATION = "pulumi-pump-rotation"


def program():
    settings = {"policy_name": "pulumi-turning-pump", "rotation_template_name": ROTATION}
    CertificateRotation(
        "rotation",
        {
            "template_name": ROTATION,
            "thing_name_prefix": "turning-",
            "device_policy": DevicePolicy("policy", settings).resource,
        },
    )


@pytest.fixture(scope="module")
def stack(emulator, tmp_path_factory):
    stack = stack_of(FLEET, emulator, tmp_path_factory.mktemp("rotations"), program=program)
    stack.up()
    yield stack
    stack.destroy()
    rules = emulator.client("iot").list_topic_rules()["rules"]
    assert not [rule for rule in rules if "pulumi_pump" in rule["ruleName"]]


def test_a_device_swaps_its_certificate_and_keeps_its_thing(stack, emulator):
    require_swap(emulator, ROTATION, "pulumi-turning-pump")


def test_a_second_preview_has_nothing_to_do(stack):
    assert stack.preview(expect_no_changes=True)


def test_a_rule_that_somebody_disabled_is_enabled_again(stack, emulator):
    iot = emulator.client("iot")
    (rule,) = [r for r in iot.list_topic_rules()["rules"] if "pulumi_pump" in r["ruleName"]]
    iot.disable_topic_rule(ruleName=rule["ruleName"])
    stack.refresh()
    stack.up()
    assert iot.get_topic_rule(ruleName=rule["ruleName"])["rule"]["ruleDisabled"] is False
