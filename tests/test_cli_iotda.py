"""The command ``device-provisioning`` for templates of IoTDA."""

import json
from pathlib import Path

import pytest
from cryptography.x509.oid import NameOID
from typer.testing import CliRunner

from device_provisioning.cli import app
from tests.support.iotda_authorities import authority, device_certificate
from tests.support.template_files import FOLDER

BODY = str(FOLDER / "iotda" / "valid-body.json")
REQUEST = str(FOLDER / "iotda" / "valid-request.json")
VENDOR = str(FOLDER / "iotda" / "DP208-breaks-vendor-example-2.json")
BROKEN = str(FOLDER / "iotda" / "DP203-breaks-no-node-id.json")
ALL_FIELDS = {
    NameOID.COUNTRY_NAME: "DE",
    NameOID.ORGANIZATION_NAME: "Plant",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "line-4",
    NameOID.DN_QUALIFIER: "q",
    NameOID.STATE_OR_PROVINCE_NAME: "Hesse",
    NameOID.COMMON_NAME: "pump-7",
    NameOID.SERIAL_NUMBER: "A-1",
}


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, [*arguments], input=stdin)


@pytest.fixture
def certificate(tmp_path):
    def write(fields):
        key, pem = authority("Factory")
        file = tmp_path / "device.pem"
        file.write_text(device_certificate(key, pem, fields))
        return str(file)

    return write


def simulated(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("file", [BODY, REQUEST])
def test_lint_reads_a_create_request_and_a_body_alone(file):
    result = run("lint", "--type", "iotda", file)
    assert result.exit_code == 0
    assert "without one the template has no effect" in " ".join(result.stdout.split())


def test_lint_reads_standard_input_and_silences():
    silenced = ["--silence", "DP208=all carry them"]
    result = run("lint", "--type", "iotda", "--strict", *silenced, "-", stdin=Path(VENDOR).read_text())
    assert result.exit_code == 0


def test_lint_tells_the_line_of_an_error():
    result = run("lint", "--type", "iotda", BROKEN)
    assert result.exit_code == 1
    assert f"{BROKEN}:8:5: error DP203 /resources/device: the device has no node_id" in result.stdout


@pytest.mark.parametrize("file", [VENDOR, BODY, REQUEST])
def test_a_certificate_shows_the_device_that_would_be_registered(file, certificate):
    result = run("simulate", file, "--type", "iotda", "--certificate", certificate(ALL_FIELDS))
    assert result.exit_code == 0
    [record] = simulated(result)
    assert record["result"] == "registered"
    assert record["device_id"] == "642bf260f2f9030e44210d8d_pump-7"
    assert record["device"]["iotda::certificate::serial_number"] == "A-1"
    assert "registered" in result.stderr


def test_a_certificate_that_lacks_a_declared_field_is_reported(certificate):
    file = certificate({NameOID.COMMON_NAME: "pump-7"})
    result = run("simulate", VENDOR, "--type", "iotda", "--certificate", file)
    assert result.exit_code == 1
    [record] = simulated(result)
    assert len(record["failures"]) == 6
    assert record["failures"][0] == {
        "reason": "MissingField",
        "path": "/parameters/iotda::certificate::country",
        "problem": "the certificate's subject has no such field",
    }


def test_a_list_of_devices_is_simulated_line_by_line(tmp_path):
    devices = tmp_path / "devices.csv"
    devices.write_text("iotda::certificate::common_name\npump-7\npump 8\n")
    result = run("simulate", BODY, "--type", "iotda", "--devices", str(devices))
    assert result.exit_code == 1
    assert [record["result"] for record in simulated(result)] == ["registered", "failed"]


def test_a_line_that_cannot_be_read_is_reported(tmp_path):
    devices = tmp_path / "devices.jsonl"
    devices.write_text('no json\n{"iotda::certificate::common_name": 7}\n')
    result = run("simulate", BODY, "--type", "iotda", "--devices", str(devices))
    assert result.exit_code == 2
    assert [record["failures"][0]["problem"] for record in simulated(result)] == [
        "is not valid JSON",
        "is not a string",
    ]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([BROKEN, "--device", "a=b"], "DP203 /resources/device: the device has no node_id"),
        (["nowhere.json", "--device", "a=b"], "nowhere.json: cannot be read"),
        ([BODY, "--device", "a=b", "--hook", "m:f"], "--hook can't be given"),
        ([BODY, "--device", "a=b", "--resource", "R", "--existing", "x"], "--existing and --resource can't"),
        ([BODY], "none of --device, --devices and --certificate"),
        ([BODY, "--certificate", BODY], "contains no certificate in PEM"),
    ],
)
def test_what_cannot_be_simulated_is_reported_without_a_traceback(arguments, text):
    result = run("simulate", "--type", "iotda", *arguments)
    assert result.exit_code == 2
    assert text in result.stderr
    assert "Traceback" not in result.output
