"""The command ``device-provisioning simulate``: what devices get."""

from pathlib import Path

import pytest

from tests.support.simulated import BODY, DEFAULT, a_file, outcomes, simulate


@pytest.fixture
def csv(tmp_path):
    return lambda content: a_file(tmp_path, "devices.csv", content)


@pytest.fixture
def jsonl(tmp_path):
    return lambda *lines: a_file(tmp_path, "devices.jsonl", "\n".join(lines))


def test_one_device_gets_what_the_template_says():
    result = simulate(BODY, "--device", "SerialNumber=A-1", "Site=plant7")
    assert result.exit_code == 0
    assert outcomes(result) == [
        {
            "version": 1,
            "line": None,
            "device": {"SerialNumber": "A-1", "Site": "plant7"},
            "result": "provisioned",
            "thingName": "sensor-A-1",
            "thingTypeName": "SensorV2",
            "thingGroups": ["sensors", "plant7"],
            "billingGroupName": "field",
            "attributes": {"serial": "A-1", "site": "plant7"},
            "certificateStatus": "ACTIVE",
            "policies": [{"policyName": "sensor-runtime"}],
            "deviceConfiguration": {"broker": "mqtt-p7", "schema": "3"},
        }
    ]


def test_values_of_a_device_may_each_have_an_option():
    repeated = simulate(BODY, "--device", "SerialNumber=A-1", "--device", "Site=plant7")
    assert repeated.stdout == simulate(BODY, "--device", "SerialNumber=A-1", "Site=plant7").stdout


def test_devices_of_a_csv_file_get_an_object_a_line(csv):
    file = csv('\ufeffSerialNumber,Site\nA-1,plant7\n"A-2",""\n\nA-3,lab\r\n')
    result = simulate(BODY, "--devices", file)
    assert [(o["line"], o["thingName"], o["attributes"]["site"]) for o in outcomes(result)] == [
        (2, "sensor-A-1", "plant7"),
        (3, "sensor-A-2", "lab"),
        (5, "sensor-A-3", "lab"),
    ]
    assert result.exit_code == 0


def test_devices_of_json_lines_supply_exactly_what_they_say(jsonl):
    file = jsonl('{"SerialNumber": "A-1", "Site": ""}', "", '{"SerialNumber": "A-2"}', '{"SerialNumber": 3}')
    first, second, third = outcomes(simulate(DEFAULT, "--devices", file))
    assert (first["line"], first["device"]["Site"]) == (1, "")
    assert (second["line"], second["result"]) == (3, "provisioned")
    assert third["failures"][0]["reason"] == "InvalidParameters"


def test_a_table_counts_devices_by_outcome_and_reason(csv):
    result = simulate(BODY, "--devices", csv("SerialNumber,Site\nA-1,lab\nA 2,lab\nA 3,berlin\n"))
    assert result.exit_code == 1
    rows = [line.split() for line in result.stderr.splitlines()]
    assert ["provisioned", "1"] in rows
    assert ["failed", "2"] in rows
    assert [
        "ProvisioningFailed",
        *["/Resources/thing/Properties/ThingName", "has", "characters", "other", "than", "a-zA-Z0-9:_-", "2"],
    ] in rows
    assert "3 devices in 0." in result.stderr


def test_a_failed_device_tells_reasons_resources_and_values(csv):
    (outcome,) = outcomes(simulate(BODY, "--devices", csv("SerialNumber\nA 2\n")))
    assert outcome["result"] == "failed"
    assert [(f["reason"], f["path"], f["given"]) for f in outcome["failures"]] == [
        ("ProvisioningFailed", "/Resources/thing/Properties/ThingName", "sensor-A 2"),
        ("ProvisioningFailed", "/Resources/thing/Properties/AttributePayload/serial", "A 2"),
    ]


def test_lines_that_cannot_be_read_are_reported_and_do_not_keep_the_rest_from_being_simulated(csv, jsonl):
    broken = csv('SerialNumber,Site\nA-1,lab\nA-2\nA-3,"x"y\nA-4,lab\n')
    result = simulate(BODY, "--devices", broken)
    assert [outcome["result"] for outcome in outcomes(result)] == [
        "provisioned",
        "failed",
        "failed",
        "provisioned",
    ]
    assert f"{broken}:3: has another number of values than the first line\n" in result.stderr
    assert f"{broken}:4: is not valid CSV: " in result.stderr
    assert result.exit_code == 2
    broken = jsonl('{"SerialNumber": "A-1"', "[]", '{"SerialNumber": "A-1"}', "[" * 100_000)
    result = simulate(BODY, "--devices", broken)
    assert [outcome["result"] for outcome in outcomes(result)] == [
        "failed",
        "failed",
        "provisioned",
        "failed",
    ]
    assert f"{broken}:2: is not a JSON object of parameters\n" in result.stderr


def test_of_many_lines_that_cannot_be_read_ten_are_reported(jsonl):
    file = jsonl(*["nothing"] * 25)
    result = simulate(BODY, "--devices", file)
    assert result.stderr.count(": is not valid JSON\n") == 10
    assert f"{file}: 15 more lines like that" in result.stderr


@pytest.mark.parametrize("option", ["template", "devices", "existing"])
def test_outcomes_never_go_where_something_is_read(tmp_path, option):
    body = a_file(tmp_path, "body.json", Path(BODY).read_bytes())
    devices = a_file(tmp_path, "devices.csv", "SerialNumber\nA-1\n")
    existing = a_file(tmp_path, "existing.jsonl", '{"thingName": "x"}')
    out = {"template": body, "devices": devices, "existing": existing}[option]
    before = Path(out).read_bytes()
    result = simulate(body, "--devices", devices, "--existing", existing, "--out", out)
    assert result.exit_code == 2
    assert "is an input" in result.stderr
    assert Path(out).read_bytes() == before


def test_outcomes_go_to_a_file_and_then_count_as_existing(tmp_path, csv):
    out = str(tmp_path / "outcomes.jsonl")
    devices = csv("SerialNumber\nA-1\nA 2\n")
    first = simulate(BODY, "--devices", devices, "--out", out)
    assert (first.exit_code, first.stdout) == (1, "")
    again = outcomes(simulate(BODY, "--devices", devices, "--existing", out))
    assert [outcome["result"] for outcome in again] == ["reprovisioned", "failed"]


def test_things_that_exist_are_settled_by_the_override_settings(tmp_path):
    existing = a_file(
        tmp_path,
        "existing",
        '{"thingName": "sensor-A-1", "thingTypeName": "Old", "attributes": {"colour": "red"},'
        ' "thingGroups": ["old"], "thingId": "x", "version": 3}',
    )
    (outcome,) = outcomes(simulate(BODY, "--device", "SerialNumber=A-1", "--existing", existing))
    assert outcome["result"] == "reprovisioned"
    assert (outcome["thingTypeName"], outcome["thingGroups"]) == ("SensorV2", ["old"])
    assert outcome["attributes"] == {"colour": "red", "serial": "A-1", "site": "lab"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "is not valid JSON"),
        ("[]", "is not a thing: give one object per line"),
        ("{}", "has no thingName"),
        ('{"thingName": 7}', "has no thingName"),
        ('{"thingName": "a", "thingTypeName": 7}', "has a thingTypeName that is not a string"),
        ('{"thingName": "a", "attributes": {"a": 1}}', "has attributes that are not an object of strings"),
        ('{"thingName": "a", "thingGroups": "g"}', "has thingGroups that are not a list of strings"),
    ],
)
def test_a_thing_that_cannot_be_read_is_reported_with_its_line(tmp_path, line, message):
    existing = a_file(tmp_path, "existing", '{"thingName": "x"}\n' + line)
    result = simulate(BODY, "--device", "SerialNumber=A-1", "--existing", existing)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith(f"{existing}:2: {message}")
