"""The command ``device-provisioning simulate``."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from template_files import FOLDER, template_files
from typer.testing import CliRunner

from device_provisioning.aws_iot.rules.parameter_rules import RESERVED
from device_provisioning.cli import app, hook_in_the_loop, subject

BODY = str(FOLDER / "fleet" / "valid-every-section.json")
DEFAULT = str(FOLDER / "fleet" / "valid-default-value.json")
JITP = str(FOLDER / "jitp" / "valid-common-name.json")
STACK = str(FOLDER / "stack" / "valid-template-with-everything.json")
HERE = Path(__file__).parent


def simulate(*arguments, stdin=None):
    return CliRunner().invoke(app, ["simulate", *arguments], input=stdin)


def outcomes(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def a_file(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


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


def test_lines_that_cannot_be_read_are_told_and_do_not_keep_the_rest_from_being_simulated(csv, jsonl):
    broken = csv('SerialNumber,Site\nA-1,lab\nA-2\nA-3,"x"y\nA-4,lab\n')
    result = simulate(BODY, "--devices", broken)
    assert [outcome["result"] for outcome in outcomes(result)] == [
        "provisioned",
        "failed",
        "failed",
        "provisioned",
    ]
    assert f"{broken}:3: has another number of values than the first line\n" in result.stderr
    assert f"{broken}:4: is no CSV: " in result.stderr
    assert result.exit_code == 2
    broken = jsonl('{"SerialNumber": "A-1"', "[]", '{"SerialNumber": "A-1"}', "[" * 100_000)
    result = simulate(BODY, "--devices", broken)
    assert [outcome["result"] for outcome in outcomes(result)] == [
        "failed",
        "failed",
        "provisioned",
        "failed",
    ]
    assert f"{broken}:2: is no JSON object of parameters\n" in result.stderr


def test_of_many_lines_that_cannot_be_read_ten_are_told(jsonl):
    file = jsonl(*["nothing"] * 25)
    result = simulate(BODY, "--devices", file)
    assert result.stderr.count(": is no JSON\n") == 10
    assert f"{file}: 15 more lines like that" in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("d.txt", "x", "d.txt: give a file that ends with .csv or .jsonl"),
        ("d.csv", "", "d.csv: is empty: the first line names the parameters"),
        ("d.csv", "a,a\n1,2", "d.csv:1: has a name that is empty or stands there twice"),
        ("d.csv", "a,\n1,2", "d.csv:1: has a name that is empty or stands there twice"),
        ("d.csv", "SerialNumber\n", "d.csv: holds no device"),
        ("d.jsonl", "\n \n", "d.jsonl: holds no device"),
        ("d.csv", b"SerialNumber\nA-1\n\xff\nA-2\n", "d.csv:3: is not UTF-8 text"),
        ("d.csv", b"SerialNumber\nA-1\n" + b"x" * 256_001, "d.csv:3: is longer than 256000 bytes"),
        ("d.jsonl", b"\xff", "d.jsonl:1: is not UTF-8 text"),
    ],
)
def test_a_file_of_devices_that_cannot_be_used_is_told_in_one_line(tmp_path, name, content, message):
    result = simulate(BODY, "--devices", a_file(tmp_path, name, content))
    assert result.exit_code == 2
    assert message in result.stderr.splitlines()[-1]


def test_what_was_simulated_before_an_unreadable_line_is_written(tmp_path):
    file = a_file(tmp_path, "d.csv", b"SerialNumber\nA-1\nA-2\n\xff\n")
    assert [o["thingName"] for o in outcomes(simulate(BODY, "--devices", file))] == [
        "sensor-A-1",
        "sensor-A-2",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([BODY], "none of --device, --devices and --certificate are given: give one"),
        ([BODY, "--device", "A=1", "--devices", "d.csv"], "several of --device, --devices and --certificate"),
        ([BODY, "--device", "SerialNumber"], "--device 'SerialNumber': give KEY=VALUE"),
        ([BODY, "--device", "=1"], "--device '=1': give KEY=VALUE"),
        ([BODY, "--device", "A=1", "A=2"], "--device: A is given twice"),
        ([BODY, "--devices", "nowhere.csv"], "nowhere.csv: cannot be read: No such file or directory"),
        ([BODY, "--devices", "\0.csv"], "cannot be read: embedded null byte"),
        (["nowhere.json", "--device", "A=1"], "nowhere.json: cannot be read: No such file or directory"),
        ([str(HERE), "--device", "A=1"], "the folder holds no *.template.json"),
        ([BODY, "--device", "A=1", "--existing", "nowhere"], "nowhere: cannot be read: No such file"),
        ([BODY, "--device", "A=1", "--hook", "nowhere:f"], "--hook nowhere:f: the module cannot be imported"),
        ([BODY, "--device", "A=1", "--hook", "json"], "--hook 'json': give MODULE:FUNCTION"),
        (
            [BODY, "--device", "A=1", "--hook", "json:nothing"],
            "--hook json:nothing: json has no function nothing",
        ),
        ([BODY, "--certificate", "c.pem"], "--certificate is for templates of type jitp"),
        (
            [JITP, "--type", "jitp", "--device", "A=1", "--hook", "json:loads"],
            "--hook is for templates of type",
        ),
        ([BODY, "--device", "A=1", "--out", "/nowhere/x"], "/nowhere/x: cannot be written: No such file"),
        ([BODY, "--device", "A=1", "--out", "/dev/full"], "/dev/full: cannot be written: No space left"),
        ([BODY, "--device", "A=1", "--resource", "Other"], "has no template Other: give --resource nothing"),
    ],
)
def test_bad_input_is_told_in_one_line(arguments, message, tmp_path, monkeypatch):
    a_file(tmp_path, "c.pem", "no certificate")
    monkeypatch.chdir(tmp_path)
    result = simulate(*arguments)
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    (line,) = [line for line in result.stderr.splitlines() if message in line]
    assert line == result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "file", [file for file in template_files("fleet") if file.broken_rules & {"DP003", "DP102"}], ids=str
)
def test_a_body_that_fits_no_device_is_told_without_a_traceback(file):
    result = simulate(str(file.path), "--device", "SerialNumber=A-1")
    assert isinstance(result.exception, SystemExit | None)
    assert result.exit_code in (0, 1, 2)


@pytest.mark.parametrize("option", ["template", "devices", "existing"])
def test_outcomes_never_go_where_something_is_read(tmp_path, option):
    body = a_file(tmp_path, "body.json", Path(BODY).read_bytes())
    devices = a_file(tmp_path, "devices.csv", "SerialNumber\nA-1\n")
    existing = a_file(tmp_path, "existing.jsonl", '{"thingName": "x"}')
    out = {"template": body, "devices": devices, "existing": existing}[option]
    before = Path(out).read_bytes()
    result = simulate(body, "--devices", devices, "--existing", existing, "--out", out)
    assert result.exit_code == 2
    assert "is read here" in result.stderr
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
        ("{", "is no JSON"),
        ("[]", "is no thing: give an object a line"),
        ("{}", "has no thingName"),
        ('{"thingName": 7}', "has no thingName"),
        ('{"thingName": "a", "thingTypeName": 7}', "has a thingTypeName that is no text"),
        ('{"thingName": "a", "attributes": {"a": 1}}', "has attributes that are no object of texts"),
        ('{"thingName": "a", "thingGroups": "g"}', "has thingGroups that are no list of texts"),
    ],
)
def test_a_thing_that_cannot_be_read_is_told_with_its_line(tmp_path, line, message):
    existing = a_file(tmp_path, "existing", '{"thingName": "x"}\n' + line)
    result = simulate(BODY, "--device", "SerialNumber=A-1", "--existing", existing)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith(f"{existing}:2: {message}")


def test_a_hook_decides_about_each_device(csv):
    file = csv("SerialNumber,Site\nA-1,lab\nA-2,nowhere\n")
    result = simulate(DEFAULT, "--devices", file, "--hook", "hooks_for_simulation:by_site")
    allowed, denied = outcomes(result)
    assert "lab-by-hook" in json.dumps(allowed)
    assert denied["failures"] == [
        {"reason": "AccessDenied", "path": "", "problem": "the hook does not allow it"}
    ]
    assert "a hook may print" in result.stderr


@pytest.mark.parametrize(
    ("hook", "reason", "given"),
    [
        ("raises", "InvocationError", "LookupError: A-1"),
        ("exits", "InvocationError", "SystemExit: 1"),
        ("answers_no_json", "InvocationError", "TypeError: Object of type object is not JSON serializable"),
    ],
)
def test_a_hook_that_fails_refuses_the_device(hook, reason, given):
    result = simulate(DEFAULT, "--device", "SerialNumber=A-1", "--hook", f"hooks_for_simulation:{hook}")
    (failure,) = outcomes(result)[0]["failures"]
    assert (failure["reason"], failure["given"]) == (reason, given)
    assert result.exit_code == 1


def test_a_hook_that_takes_longer_than_aws_iot_waits_refuses_the_device(monkeypatch):
    monkeypatch.setattr(hook_in_the_loop, "HOOK_TIMEOUT_SECONDS", 0.01)
    result = simulate(DEFAULT, "--device", "SerialNumber=A-1", "--hook", "hooks_for_simulation:takes_a_while")
    (failure,) = outcomes(result)[0]["failures"]
    assert failure["problem"] == "the hook took longer than 0.01 seconds"


def test_a_hook_gets_the_event_that_aws_iot_sends():
    result = simulate(
        DEFAULT, "--device", "SerialNumber=A-1", "--hook", "hooks_for_simulation:echoes_the_event"
    )
    fields = "certificateId/certificatePem/claimCertificateId/clientId/templateArn"
    assert fields in json.dumps(outcomes(result)[0])


def test_a_hook_is_not_asked_about_what_is_no_text(jsonl):
    file = jsonl('{"SerialNumber": 7}')
    result = simulate(DEFAULT, "--devices", file, "--hook", "hooks_for_simulation:raises")
    assert outcomes(result)[0]["failures"][0]["reason"] == "InvalidParameters"


def test_the_hook_of_this_library_runs_in_the_loop(monkeypatch):
    monkeypatch.delenv("ALLOW_LIST_TABLE_NAME", raising=False)
    name = "device_provisioning.lambdas.pre_provisioning_hook.handler:handler"
    (outcome,) = outcomes(simulate(DEFAULT, "--device", "SerialNumber=A-1", "--hook", name))
    assert outcome["failures"][0]["reason"] == "AccessDenied"


def certificate(folder, *subject):
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.ObjectIdentifier(oid), value) for oid, value in subject])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(days=1))
    signed = builder.sign(key, hashes.SHA256())
    return a_file(folder, "device.pem", signed.public_bytes(serialization.Encoding.PEM))


def test_jitp_takes_its_parameters_from_the_subject_of_a_certificate(tmp_path):
    file = certificate(tmp_path, ("2.5.4.3", "pump-7"), ("2.5.4.6", "DE"))
    (outcome,) = outcomes(simulate(JITP, "--type", "jitp", "--certificate", file))
    assert outcome["thingName"] == "pump-7"
    assert outcome["device"] == {
        "AWS::IoT::Certificate::CommonName": "pump-7",
        "AWS::IoT::Certificate::Country": "DE",
    }


def test_a_subject_without_a_declared_field_fails(tmp_path):
    result = simulate(JITP, "--type", "jitp", "--certificate", certificate(tmp_path, ("2.5.4.6", "DE")))
    assert result.exit_code == 1
    assert "the certificate's subject has no value for it" in result.stderr


def test_every_reserved_parameter_but_the_id_has_its_field(tmp_path):
    oids = ["2.5.4.6", "2.5.4.10", "2.5.4.11", "2.5.4.46", "2.5.4.8", "2.5.4.3", "2.5.4.5"]
    values = ["DE", "Org", "Unit", "qualifier", "Bavaria", "name", "0042"]
    file = certificate(tmp_path, *zip(oids, values, strict=True), ("2.5.4.11", "second unit"))
    assert subject.subject_parameters(file) == dict(zip(RESERVED, values, strict=False))


def test_without_cryptography_a_certificate_is_told_how_to_be_read(tmp_path, monkeypatch):
    file = certificate(tmp_path, ("2.5.4.3", "pump-7"))
    monkeypatch.setitem(sys.modules, "cryptography", None)
    result = simulate(JITP, "--type", "jitp", "--certificate", file)
    assert result.exit_code == 2
    assert "pip install 'device-provisioning[local]'" in result.stderr


def test_a_template_of_a_stack_is_simulated_and_its_hook_not_forgotten():
    result = simulate(STACK, "--device", "SerialNumber=A-1")
    assert outcomes(result)[0]["result"] == "provisioned"
    assert "the template's pre-provisioning hook is not asked: --hook MODULE:FUNCTION does" in result.stderr


def test_the_type_of_a_template_in_a_stack_is_its_own():
    stack = str(FOLDER / "stack" / "valid-jitp-template-of-a-ca.json")
    result = simulate(stack, "--device", "AWS::IoT::Certificate::CommonName=pump-7")
    assert outcomes(result)[0]["thingName"] == "pump-7"


def test_of_several_templates_one_has_to_be_chosen():
    stack = str(FOLDER / "stack" / "DP039-holds-two-names.json")
    result = simulate(stack, "--device", "SerialNumber=A-1")
    assert result.exit_code == 2
    message = result.stderr.splitlines()[-1]
    assert "holds 2 provisioning templates: give --resource " in message
    for resource in message.partition("--resource ")[2].split(" or "):
        name = resource.split(" ")[0]
        assert simulate(stack, "--device", "SerialNumber=A-1", "--resource", name).exit_code == 0
    assert "has no template Nothing" in simulate(stack, "--device", "A=1", "--resource", "Nothing").stderr


def test_the_folder_of_our_own_stack_is_simulated(tmp_path):
    from test_cli_lint import synthesised

    folder = synthesised(tmp_path / "cdk.out")
    (outcome,) = outcomes(simulate(str(folder), "--device", "SerialNumber=A-1"))
    assert (outcome["result"], outcome["thingName"]) == ("provisioned", "sensor-A-1")


def test_a_template_comes_from_standard_input():
    result = simulate("-", "--device", "SerialNumber=A-1", stdin=Path(BODY).read_text("utf-8"))
    assert outcomes(result)[0]["thingName"] == "sensor-A-1"


def command(*arguments, **options):
    program = [sys.executable, "-m", "device_provisioning.cli", *arguments]
    return subprocess.Popen(program, cwd=HERE, stderr=subprocess.PIPE, text=True, **options)


def test_ctrl_c_leaves_complete_lines_and_says_how_far_it_came(tmp_path):
    devices = a_file(tmp_path, "d.csv", "SerialNumber\n" + "".join(f"A-{n}\n" for n in range(5000)))
    out = tmp_path / "out.jsonl"
    hook = "hooks_for_simulation:takes_a_while"
    running = command("simulate", DEFAULT, "--devices", devices, "--hook", hook, "--out", str(out))
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (out.exists() and out.stat().st_size):
        time.sleep(0.05)
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=30)
    lines = out.read_text().splitlines(keepends=True)
    assert running.returncode == 130
    assert lines
    assert all(line.endswith("\n") and json.loads(line) for line in lines)
    told = f"interrupted after {len(lines)} devices, up to line {len(lines) + 1} of {devices}: their outcomes"
    assert told in errors


def test_a_reader_that_goes_away_ends_the_command_quietly(tmp_path):
    devices = a_file(tmp_path, "d.csv", "SerialNumber\n" + "".join(f"A-{n}\n" for n in range(20_000)))
    running = command("simulate", DEFAULT, "--devices", devices, stdout=subprocess.PIPE)
    running.stdout.readline()
    running.stdout.close()
    errors = running.stderr.read()
    running.stderr.close()
    assert running.wait(timeout=30) == 1
    assert "Traceback" not in errors


def test_a_bar_moves_on_a_terminal(tmp_path):
    import pty

    devices = a_file(tmp_path, "d.csv", "SerialNumber\n" + "".join(f"A-{n}\n" for n in range(5000)))
    master, slave = pty.openpty()
    program = [sys.executable, "-m", "device_provisioning.cli", "simulate", DEFAULT, "--devices", devices]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(
        [*program, "--out", str(tmp_path / "o")], stderr=slave, stdout=slave, env=environment, text=True
    ) as running:
        os.close(slave)
        told = b""
        while chunk := _read(master):
            told += chunk
    os.close(master)
    assert running.returncode == 0
    assert "5,000 devices, 0 failed" in told.decode()


def _read(descriptor):
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def test_help_has_an_example():
    assert "Example: device-provisioning simulate" in CliRunner().invoke(app, ["simulate", "--help"]).stdout


@pytest.mark.parametrize(
    ("typed", "completed"), [("si", "simulate"), ("li", "lint"), ("lint --fo", "--format")]
)
def test_a_shell_completes_verbs_and_options(typed, completed):
    words = f"device-provisioning {typed}"
    environment = {
        **os.environ,
        "_DEVICE_PROVISIONING_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    script = Path(sys.executable).with_name("device-provisioning")
    run = subprocess.run([script], env=environment, capture_output=True, text=True, check=False)
    assert completed in run.stdout.split()
