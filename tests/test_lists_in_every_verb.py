"""One list for every verb: what ``devices import`` takes is simulated, explained and registered in bulk."""

import datetime
import json
import time

import pyarrow
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from device_provisioning.allow_list.device_rows import DeviceRows
from device_provisioning.allow_list.normalisation import Normalisation
from device_provisioning.allow_list.rows import read_rows
from device_provisioning.aws_iot import TemplateType
from device_provisioning.aws_iot.evaluation import compile_template
from device_provisioning.bulk.starting import _write
from device_provisioning.cli import app
from device_provisioning.console.sources import UnreadableError
from device_provisioning.project.scaffolding import TEMPLATES, make_project

BODY = {
    "Parameters": {
        "SerialNumber": {"Type": "String"},
        "Site": {"Type": "String", "Default": "lab"},
        "AWS::IoT::Certificate::Id": {"Type": "String"},
    },
    "Resources": {
        "thing": {
            "Type": "AWS::IoT::Thing",
            "Properties": {
                "ThingName": {"Fn::Join": ["", ["sensor-", {"Ref": "SerialNumber"}]]},
                "AttributePayload": {"site": {"Ref": "Site"}},
            },
            "OverrideSettings": {"AttributePayload": "MERGE"},
        },
        "certificate": {
            "Type": "AWS::IoT::Certificate",
            "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "ACTIVE"},
        },
        "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "sensor"}},
    },
}
LISTS = {
    "list.csv": "serial_number,blocked,expires_at,parameter_overrides.Site\nA-1,,2190-01-01,plant7\nA-2,,,\n",
    "list.jsonl": '{"serial_number": "A-1", "parameter_overrides": {"Site": "plant7"}}\n'
    '{"serial_number": "A-2"}\n',
    "named.csv": "SerialNumber,Site\nA-1,plant7\nA-2,\n",
}
SENT = [{"SerialNumber": "A-1", "Site": "plant7"}, {"SerialNumber": "A-2"}]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "body.json").write_text(json.dumps(BODY))
    return tmp_path


def a_list(folder, text, name="list.csv"):
    (folder / name).write_text(text)
    return name


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_what_its_devices_send_and_what_it_decides(folder, name):
    devices = list(DeviceRows(a_list(folder, LISTS[name], name)))
    assert [device.parameters for device in devices] == SENT
    assert [device.problem for device in devices] == [None, None]


def test_the_serial_number_is_sent_as_the_hook_asks_for_it(folder):
    (first, _) = DeviceRows(a_list(folder, LISTS["list.csv"]), "Serial")
    assert first.parameters == {"Serial": "A-1", "Site": "plant7"}
    (first, _) = DeviceRows(a_list(folder, "serial_number,blocked\nA-1,x\nA-2,\n"), "serial_number")
    assert first.parameters == {"serial_number": "A-1", "blocked": "x"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("serial_number,blocked\nA-1,true\n", "is blocked on the list: the hook denies it"),
        ("serial_number,expires_at\nA-1,1000\n", "has expired on the list: the hook denies it"),
        ("serial_number,expires_at\nA-1,soon\n", "expires_at is neither a date nor a second since 1970"),
        ("serial_number\n4.90154E+14\n", "serial_number is a number as a spreadsheet rounds it"),
        ("SerialNumber\n4.90154E+14\n", "SerialNumber is a number as a spreadsheet rounds it"),
        ("SerialNumber\n490154203237518.0\n", "SerialNumber is a number as a spreadsheet rounds it"),
    ],
)
def test_a_device_that_could_not_register_is_said_to_be_so(folder, text, problem):
    (device,) = DeviceRows(a_list(folder, text))
    assert device.problem.startswith(problem)


@pytest.mark.parametrize("name", ["serial_number", "SerialNumber"])
def test_serial_numbers_are_brought_into_one_form(folder, name):
    changes = (Normalisation.LOWER, Normalisation.NO_SEPARATORS)
    (device,) = DeviceRows(a_list(folder, f"{name}\nAA:BB:CC:DD:EE:FF\n"), changes=changes)
    assert device.parameters == {"SerialNumber": "aabbccddeeff"}


def simulated(*options):
    return CliRunner().invoke(app, ["simulate", "body.json", *options])


def test_a_list_is_simulated(folder):
    result = simulated("--devices", a_list(folder, LISTS["list.csv"]), "--normalise", "lower")
    assert result.exit_code == 0, result.stderr
    outcomes = [json.loads(line) for line in result.stdout.splitlines()]
    assert [outcome["thingName"] for outcome in outcomes] == ["sensor-a-1", "sensor-a-2"]


def test_a_form_is_for_a_list_of_devices():
    result = simulated("--device", "SerialNumber=A-1", "--normalise", "lower")
    assert result.exit_code == 2
    assert result.stderr == "--normalise is for the serial numbers of --devices: give both\n"


def test_a_list_is_explained_with_what_each_device_would_get(folder):
    name = a_list(folder, LISTS["list.csv"])
    result = CliRunner().invoke(app, ["explain", "body.json", "--devices", name])
    assert result.exit_code == 0
    assert "sensor-A-1" in result.stdout


def test_a_list_is_registered_in_bulk(folder):
    certificate = {"Type": "AWS::IoT::Certificate", "Properties": {"CertificateSigningRequest": "CSR"}}
    resources = {"thing": BODY["Resources"]["thing"], "certificate": certificate}
    body = {"Parameters": {"SerialNumber": {}, "Site": {"Default": "lab"}}, "Resources": resources}
    for parameter in body["Parameters"].values():
        parameter["Type"] = "String"
    compiled = compile_template(body, TemplateType.BULK)
    with (folder / "out.jsonl").open("wb") as file:
        _write(file, DeviceRows(a_list(folder, LISTS["list.csv"])), compiled)
    assert [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()] == SENT
    spoilt = DeviceRows(a_list(folder, "serial_number\n4.9E+14\n", "spoilt.csv"))
    refused = pytest.raises(UnreadableError, match=r"spoilt\.csv:2: serial_number is a number as a spread")
    with (folder / "out.jsonl").open("wb") as file, refused:
        _write(file, spoilt, compiled)


@pytest.mark.parametrize("engine", ["cdk", "pulumi"])
def test_the_list_of_a_new_project_can_be_imported_and_simulated(folder, engine):
    make_project(folder / "sensors", engine, None)
    name = str(folder / "sensors" / "provisioning" / "devices.csv")
    assert [row.reasons for row in read_rows(name)] == [(), ()]
    assert [device.problem for device in DeviceRows(name)] == [None, None]
    advice = (TEMPLATES / "common" / "README.md.jinja").read_text()
    assert "devices import provisioning/devices.csv" in advice


@pytest.mark.parametrize(
    "value",
    [
        datetime.date(2189, 1, 1),
        datetime.datetime(2189, 1, 1, tzinfo=datetime.UTC),
        datetime.datetime(2189, 1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
        6911049600,
        "2189-01-01",
    ],
    ids=["date", "time", "time of a zone", "second", "text"],
)
def test_when_a_device_of_parquet_expires_is_any_form_of_time(folder, value):
    table = pyarrow.table({"serial_number": ["A-1"], "expires_at": [value]})
    pyarrow.parquet.write_table(table, "list.parquet")
    (row,) = read_rows("list.parquet")
    assert row.reasons == ()
    assert row.device.expires_at == 6911049600 > time.time()


def test_a_time_of_parquet_without_a_zone_is_refused(folder):
    table = pyarrow.table({"serial_number": ["A-1"], "expires_at": [datetime.datetime(2189, 1, 1)]})
    pyarrow.parquet.write_table(table, "list.parquet")
    (row,) = read_rows("list.parquet")
    assert row.reasons[0].startswith("expires_at has no time zone: give 2027-01-31")
