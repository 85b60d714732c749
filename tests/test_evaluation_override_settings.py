"""Override settings against a thing that exists: every combination."""

from itertools import product

import pytest

from device_provisioning.aws_iot import TemplateType
from device_provisioning.aws_iot.evaluation import ExistingThing, Result
from tests.support.bodies import a_body, evaluated, resources

WANTED = {
    "ThingTypeName": "New",
    "ThingGroups": ["shared", "new"],
    "AttributePayload": {"shared": "new", "new": "1"},
    "BillingGroup": "new",
}
BEFORE = {
    "ThingTypeName": "Old",
    "ThingGroups": ["shared", "old"],
    "AttributePayload": {"shared": "old", "old": "1"},
    "BillingGroup": "old",
}
MERGED = {
    "ThingGroups": ["shared", "old", "new"],
    "AttributePayload": {"shared": "new", "old": "1", "new": "1"},
}
SETTINGS = ["DO_NOTHING", "REPLACE", "MERGE", "FAIL", None, "SOMETHING"]
NAMES = ["ThingTypeName", "ThingGroups", "AttributePayload"]


def a_thing(values):
    return ExistingThing(
        values["ThingTypeName"], values["AttributePayload"], values["ThingGroups"], values["BillingGroup"]
    )


def provisioned(settings, wanted=WANTED, before=BEFORE):
    given = {name: setting for name, setting in settings.items() if setting is not None}
    body = a_body(Resources=resources(thing=wanted, override_settings=given))
    return evaluated(body, existing={"A-1": a_thing(before)})


def expected(name, setting):
    """What a property is afterwards; ``None`` if the registration fails."""
    merged = MERGED.get(name)
    return {"DO_NOTHING": BEFORE[name], "REPLACE": WANTED[name], "MERGE": merged}.get(setting)


@pytest.mark.parametrize(("kind", "groups", "attributes"), list(product(SETTINGS, repeat=3)))
def test_each_setting_decides_about_its_property_whatever_the_others_are(kind, groups, attributes):
    settings = dict(zip(NAMES, (kind, groups, attributes), strict=True))
    outcome = provisioned(settings)
    after = {name: expected(name, setting) for name, setting in settings.items()}
    refused = {f"/Resources/thing/OverrideSettings/{name}" for name in NAMES if after[name] is None}
    assert {failure.path for failure in outcome.failures} == refused
    if not refused:
        assert outcome.result is Result.REPROVISIONED
        assert outcome.thing_type_name == after["ThingTypeName"]
        assert outcome.thing_groups == after["ThingGroups"]
        assert outcome.attributes == after["AttributePayload"]
        assert outcome.billing_group == "new"


@pytest.mark.parametrize("settings", list(product(SETTINGS, repeat=3)))
def test_no_setting_matters_for_a_thing_that_does_not_exist(settings):
    given = {name: setting for name, setting in zip(NAMES, settings, strict=True) if setting}
    body = a_body(Resources=resources(thing=WANTED, override_settings=given))
    outcome = evaluated(body, existing={"A-2": a_thing(BEFORE)})
    assert outcome.result is Result.PROVISIONED
    assert (outcome.thing_type_name, outcome.thing_groups) == ("New", ["shared", "new"])
    assert outcome.attributes == WANTED["AttributePayload"]


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("name", NAMES)
def test_a_thing_that_is_as_the_template_says_registers_again(name, setting):
    settings = {**dict.fromkeys(NAMES, "REPLACE"), name: setting}
    assert provisioned(settings, before=WANTED).result is Result.REPROVISIONED


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_the_template_does_not_mention_stays(setting):
    outcome = provisioned(dict.fromkeys(NAMES, setting), wanted={})
    assert outcome.result is Result.REPROVISIONED
    assert outcome.thing_type_name == "Old"
    assert outcome.thing_groups == ["shared", "old"]
    assert outcome.attributes == BEFORE["AttributePayload"]
    assert outcome.billing_group == "old"


@pytest.mark.parametrize(
    ("setting", "groups", "attributes"), [("REPLACE", [], {}), ("MERGE", ["old"], {"a": "1"})]
)
def test_an_empty_value_is_something_that_the_template_says(setting, groups, attributes):
    wanted = {"ThingGroups": [], "AttributePayload": {}}
    before = {**BEFORE, "ThingGroups": ["old"], "AttributePayload": {"a": "1"}}
    settings = {"ThingGroups": setting, "AttributePayload": setting}
    outcome = provisioned(settings, wanted=wanted, before=before)
    assert (list(outcome.thing_groups), dict(outcome.attributes)) == (groups, attributes)


def test_the_order_of_groups_is_no_difference():
    before = {**BEFORE, "ThingGroups": ["new", "shared"]}
    settings = {"ThingTypeName": "REPLACE", "AttributePayload": "REPLACE"}
    assert provisioned(settings, before=before).result is Result.REPROVISIONED


def test_a_refusal_tells_the_setting_and_both_values():
    failure = provisioned(
        {"ThingTypeName": "FAIL", "ThingGroups": "REPLACE", "AttributePayload": "REPLACE"}
    ).failures[0]
    assert (failure.reason, failure.resource) == ("ProvisioningFailed", "thing")
    assert failure.problem == "is FAIL, and what exists differs from the template"
    assert failure.given == {"existing": "Old", "template": "New"}


def test_a_setting_that_is_left_out_works_as_fail():
    failure = provisioned({"ThingGroups": "REPLACE", "AttributePayload": "REPLACE"}).failures[0]
    assert failure.problem == "is left out, and what exists differs from the template"


def test_what_a_device_gets_does_not_change_what_exists():
    attributes = {"old": "1"}
    existing = {"A-1": ExistingThing(attributes=attributes)}
    body = a_body(
        Resources=resources(
            thing={"AttributePayload": {"new": "2"}}, override_settings={"AttributePayload": "MERGE"}
        )
    )
    assert evaluated(body, existing=existing).attributes == {"old": "1", "new": "2"}
    assert attributes == {"old": "1"}


@pytest.mark.parametrize("setting", ["DO_NOTHING", "REPLACE", "FAIL", None])
@pytest.mark.parametrize("kind", TemplateType)
def test_only_a_certificate_that_was_there_before_can_keep_its_status(kind, setting):
    parts = resources(certificate={"Status": "INACTIVE"})
    parts["certificate"]["OverrideSettings"] = {"Status": setting} if setting else {}
    parameters = {"SerialNumber": "A-1", "AWS::IoT::Certificate::Id": "0" * 64}
    outcome = evaluated(a_body(Resources=parts), parameters, template_type=kind)
    keeps = kind is TemplateType.BULK and setting == "DO_NOTHING"
    assert outcome.certificate_status == (None if keeps else "INACTIVE")
