"""MiniStack, whose authors copied answers of AWS IoT, and this library agree about templates and devices.

What they say differently stands in the tables, with the reason. Devices register with templates of type JITP
here as they do with those of fleets.
"""

import contextlib
import json
import uuid
from itertools import product

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from device_provisioning.aws_iot import Severity, TemplateType, check
from device_provisioning.aws_iot.evaluation import ExistingThing, Result, compile_template
from documentation.emulator_differences import (
    CREATED_THOUGH_WRONG,
    NOT_ANSWERED,
    REFUSED_THOUGH_RIGHT,
    REGISTERED_DIFFERENTLY,
)
from tests.support.bodies import a_body, resources
from tests.support.emulated_registration import as_registered, emulated_registration
from tests.support.template_files import template_files
from workshop.device import Rejected

FILES = template_files("fleet", "jitp")


@pytest.fixture(scope="module")
def registration(emulator):
    with emulated_registration(emulator) as registration:
        yield registration


def errors(file):
    found = check(file.text, file.body_type.template_type)
    return {finding.code for finding in found if finding.severity is Severity.ERROR}


def created(registration, file):
    try:
        return registration.create_template(file.text, str(file.body_type.template_type))
    except registration.iot.exceptions.InvalidRequestException:
        return None


def test_a_template_is_accepted_by_both_or_the_difference_is_known(registration):
    refused_here = {file: bool(errors(file)) for file in FILES}
    refused_there = {file: created(registration, file) is None for file in FILES}
    differing = [file for file in FILES if refused_here[file] != refused_there[file]]
    assert {code for file in differing if refused_here[file] for code in file.broken_rules} == set(
        CREATED_THOUGH_WRONG
    )
    assert {code for file in differing if refused_there[file] for code in file.broken_rules} == set(
        REFUSED_THOUGH_RIGHT
    )
    assert all(file.broken_rules for file in differing)


def test_every_difference_in_the_tables_is_one_of_a_file():
    assert {str(file) for file in FILES} >= REGISTERED_DIFFERENTLY.keys() | NOT_ANSWERED.keys()


def texts(value):
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and text]


def provide(registration, document, outcome):
    """Let everything exist that a body names or a device would get, if the emulator takes its name."""
    entries = [entry for entry in document["Resources"].values() if isinstance(entry, dict)]
    made = [{"PolicyName": policy.get("policyName")} for policy in (outcome.policies if outcome else ())]
    made.append({"ThingGroups": list(outcome.thing_groups)} if outcome else {})
    properties = [*(entry["Properties"] for entry in entries), *made]
    keys = ("ThingTypeName", "ThingGroups", "BillingGroup", "PolicyName")
    for kind, key in zip(("types", "groups", "billing_groups", "policies"), keys, strict=True):
        for name in {text for each in properties for text in texts(each.get(key))}:
            with contextlib.suppress(ClientError, ParamValidationError):
                registration.provide(**{kind: [name]})


def evaluated(file, parameters):
    try:
        return compile_template(json.loads(file.text), file.body_type.template_type).evaluate(parameters)
    except ValueError:
        return None


def same(registration, file, template_name):
    """Whether a device gets from the emulator what evaluation says."""
    serial_number = f"A-{uuid.uuid4().hex[:8]}"
    parameters = {"SerialNumber": serial_number, "AWS::IoT::Certificate::CommonName": serial_number}
    outcome = evaluated(file, parameters)
    provide(registration, json.loads(file.text), outcome)
    try:
        registered = registration.register(template_name, parameters)
    except Rejected as rejected:
        return bool(outcome) and rejected.error_code in {failure.reason for failure in outcome.failures}
    if not outcome or outcome.failures:
        return False
    supplied = {**parameters, "AWS::IoT::Certificate::Id": registered.certificate_id}
    return as_registered(evaluated(file, supplied), registered.certificate_id) == registered


@pytest.mark.parametrize("file", [file for file in FILES if str(file) not in NOT_ANSWERED], ids=str)
def test_a_device_gets_the_same_from_both_or_the_difference_is_known(registration, file):
    template_name = created(registration, file)
    if template_name:
        assert same(registration, file, template_name) != (str(file) in REGISTERED_DIFFERENTLY)


SETTINGS = ["DO_NOTHING", "REPLACE", "FAIL", None]
SETTINGS_OF_SEVERAL = [*SETTINGS, "MERGE"]
NAMES = ["ThingTypeName", "ThingGroups", "AttributePayload"]
BEFORE = ExistingThing("Old", {"shared": "old", "old": "1"}, ["shared", "old"])
WANTED = {
    "ThingTypeName": "New",
    "ThingGroups": ["shared", "new"],
    "AttributePayload": {"shared": "new", "new": "1"},
}


@pytest.fixture(scope="module")
def neighbours(registration):
    registration.provide(types=["Old", "New"], groups=["shared", "old", "new"], policies=["sensor"])


@pytest.mark.parametrize(
    "settings", list(product(SETTINGS, SETTINGS_OF_SEVERAL, SETTINGS_OF_SEVERAL)), ids=str
)
def test_a_thing_that_exists_becomes_the_same_by_every_combination_of_settings(
    registration, neighbours, settings
):
    given = {name: setting for name, setting in zip(NAMES, settings, strict=True) if setting}
    parts = resources(thing=WANTED, certificate={"Status": "ACTIVE"}, override_settings=given)
    body = a_body(Resources=parts)
    name = f"A-{uuid.uuid4().hex[:8]}"
    registration.let_exist(name, BEFORE)
    outcome = compile_template(body, TemplateType.FLEET_PROVISIONING).evaluate(
        {"SerialNumber": name}, existing={name: BEFORE}
    )
    template_name = registration.create_template(json.dumps(body), "FLEET_PROVISIONING")
    if outcome.failures:
        with pytest.raises(Rejected) as rejected:
            registration.register(template_name, {"SerialNumber": name})
        assert rejected.value.error_code == "ProvisioningFailed"
    else:
        registered = registration.register(template_name, {"SerialNumber": name})
        assert outcome.result is Result.REPROVISIONED
        assert as_registered(outcome, registered.certificate_id) == registered
