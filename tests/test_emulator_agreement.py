"""MiniStack, whose authors copied answers of AWS IoT, and this library agree about templates and devices.

What they say differently stands in the tables, with the reason. The emulator knows no billing groups, no
bulk registration and no just-in-time provisioning on connect: devices register with templates of type JITP
here as they do with those of fleets.
"""

import contextlib
import json
import uuid
from itertools import product

import pytest
from bodies import a_body, resources
from botocore.exceptions import ClientError, ParamValidationError
from emulated_registration import as_registered, emulated_registration
from template_files import template_files

from device_provisioning.aws_iot import Severity, TemplateType, check
from device_provisioning.aws_iot.evaluation import ExistingThing, Result, compile_template
from device_provisioning.local.device import Rejected

FILES = template_files("fleet", "jitp")

CREATED_THOUGH_WRONG = {
    "DP005": "references are resolved when a device registers",
    "DP006": "parameters are not looked at",
    "DP007": "the type of a template is not looked at",
    "DP009": "the type of a template is not looked at",
    "DP011": "other ways next to CertificateId are not looked at",
    "DP013": "policies are looked at when a device registers",
    "DP014": "functions work everywhere",
    "DP015": "policy documents are looked at when a device registers",
    "DP017": "policies are not counted",
    "DP018": "override settings are looked at when a device registers",
    "DP020": "a device gets any JSON",
    "DP021": "mappings are not looked at",
    "DP022": "functions are worked out when a device registers",
    "DP023": "names are looked at when a device registers",
    "DP024": "attributes are not looked at",
    "DP025": "attributes are not counted",
    "DP026": "attributes are not looked at",
    "DP028": "groups are not counted",
    "DP029": "ThingPrincipalType is not known",
    "DP101": "sections are not looked at",
    "DP102": "resources of other types are not looked at, and the last thing wins",
    "DP103": "names are looked at when a device registers",
    "DP105": "functions are worked out when a device registers",
}
REFUSED_THOUGH_RIGHT = {
    "DP106": "the guide calls the status optional, so its absence is a warning here and an error there",
}
REGISTERED_DIFFERENTLY = {
    "fleet/DP013-breaks-neither": "it is told as ProvisioningFailed",
    "fleet/DP014-breaks-join-in-policy-name": "functions work everywhere, and there is no such policy",
    "fleet/DP014-breaks-join-in-policy-document": "functions work everywhere",
    "fleet/DP015-breaks-2049-characters": "documents have no limit",
    "fleet/DP015-breaks-list": "any JSON is a document",
    "fleet/DP017-breaks-11-policies": "policies are not counted",
    "fleet/DP018-breaks-settings-that-are-no-object": "settings matter for a thing that exists only",
    "fleet/DP020-breaks-list": "a device gets any JSON",
    "fleet/DP020-breaks-nested": "a device gets any JSON",
    "fleet/DP021-breaks-reference-in-mappings": "a device gets any JSON",
    "fleet/DP022-breaks-split-alone": "a device gets any JSON",
    "fleet/DP023-breaks-129-characters": "billing groups are not known",
    "fleet/DP023-breaks-empty": "an empty type is none",
    "fleet/DP023-breaks-groups-that-are-no-list": "it is told as ProvisioningFailed",
    "fleet/DP023-breaks-number": "it is told as ProvisioningFailed",
    "fleet/DP023-breaks-policy-name": "names of policies have the characters of names of things",
    "fleet/DP023-holds-128-characters": "names of policies have the characters of names of things",
    "fleet/DP024-breaks-801-characters": "attributes are not looked at",
    "fleet/DP024-breaks-blank-in-a-join": "attributes are not looked at",
    "fleet/DP024-breaks-blank-in-a-value": "attributes are not looked at",
    "fleet/DP024-breaks-name": "attributes are not looked at",
    "fleet/DP024-breaks-number": "attributes are not looked at",
    "fleet/DP025-breaks-4-attributes": "attributes are not counted",
    "fleet/DP025-breaks-51-attributes-with-type": "attributes are not counted",
    "fleet/DP026-breaks-wrapped": "attributes are not looked at",
    "fleet/DP028-breaks-11-groups": "groups are not counted",
    "fleet/DP029-breaks-principal-type": "ThingPrincipalType is not known",
    "fleet/DP102-breaks-resource-that-is-no-object": "resources of other types are not looked at",
    "fleet/DP102-breaks-two-things": "the last thing wins",
    "fleet/DP103-breaks-nameless-thing": "it is told as ProvisioningFailed",
    "jitp/DP009-breaks-device-configuration": "the type of a template is not looked at",
}
NOT_ANSWERED = {
    "fleet/DP024-breaks-payload-that-is-no-object": "the emulator fails and does not answer",
    "fleet/DP101-breaks-device-configuration-that-is-no-object": "the SDK cannot read the answer",
}


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
    for kind, key in (("types", "ThingTypeName"), ("groups", "ThingGroups"), ("policies", "PolicyName")):
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
        return
    registered = registration.register(template_name, {"SerialNumber": name})
    assert outcome.result is Result.REPROVISIONED
    assert as_registered(outcome, registered.certificate_id) == registered
