"""The verbs ``ca …`` of the command."""

import os
import re
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from typer.testing import CliRunner

from device_provisioning.certificates.authority import Authority
from device_provisioning.cli import app

CODE = "c0de" * 16
FIRST_LINE = "CommonName,Country,SerialNumber\n"


def run(*arguments):
    return CliRunner().invoke(app, ["ca", *arguments])


@pytest.fixture(autouse=True)
def bench(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("create", "--common-name", "Bench").exit_code == 0


def certificate(file):
    return x509.load_pem_x509_certificate(Path(file).read_bytes())


def issue(text, *more):
    Path("devices.csv").write_text(text)
    return run("issue", "devices.csv", "--out", "devices", *more)


def mode(file):
    return stat.S_IMODE(Path(file).stat().st_mode)


def test_only_the_owner_can_read_keys():
    assert issue(FIRST_LINE + "sensor-1,DE,7\n").exit_code == 0
    assert mode("ca.key") == mode("devices/sensor-1.key") == 0o600


def test_the_ca_signs_devices_and_no_further_ca():
    issue(FIRST_LINE + "sensor-1,DE,7\n")
    device, authority = certificate("devices/sensor-1.pem"), certificate("ca.pem")
    device.verify_directly_issued_by(authority)
    limits = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (limits.ca, limits.path_length) == (True, 0)
    assert not device.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_the_key_of_a_device_is_that_of_its_certificate():
    issue(FIRST_LINE + "sensor-1,DE,7\nsensor-2,FR,8\n")
    key = serialization.load_pem_private_key(Path("devices/sensor-1.key").read_bytes(), None)
    assert key.public_key() == certificate("devices/sensor-1.pem").public_key()
    assert key.public_key() != certificate("devices/sensor-2.pem").public_key()


def test_the_subject_is_what_the_line_says_without_its_empty_cells():
    issue(FIRST_LINE + "sensor-1,,7\n")
    assert certificate("devices/sensor-1.pem").subject.rfc4514_string() == "2.5.4.5=7,CN=sensor-1"


def test_the_certificate_is_valid_for_the_given_days_and_from_an_hour_ago():
    issue(FIRST_LINE + "sensor-1,DE,7\n", "--days", "2")
    device = certificate("devices/sensor-1.pem")
    assert (device.not_valid_after_utc - device.not_valid_before_utc).total_seconds() == 49 * 3600


def test_nothing_is_written_over():
    before = Path("ca.key").read_bytes()
    result = run("create")
    assert result.exit_code == 2
    assert "ca.key: already exists and will not be overwritten" in result.stderr
    assert Path("ca.key").read_bytes() == before


def test_nothing_is_issued_while_one_file_is_there():
    issue(FIRST_LINE + "sensor-2,DE,7\n")
    result = issue(FIRST_LINE + "sensor-1,DE,7\nsensor-2,DE,7\n")
    assert result.exit_code == 2
    assert "sensor-2.pem: already exists" in result.stderr
    assert not Path("devices/sensor-1.pem").exists()


def test_a_link_that_leads_nowhere_is_in_the_way_too():
    Path("revoked.pem").symlink_to("elsewhere")
    assert run("revocation-list").exit_code == 2
    assert not Path("elsewhere").exists()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (",DE,7", "devices.csv:2: CommonName is missing"),
        ("a b,DE,7", "devices.csv:2: CommonName has characters other than"),
        ("../sensor,DE,7", "devices.csv:2: CommonName has characters other than"),
        (f"{'x' * 65},DE,7", "devices.csv:2: CommonName 'x"),
        ("sensor-1,Germany,7", "devices.csv:2: Country 'Germany'"),
        ("sensor-1,DE", "devices.csv:2: has another number of values"),
        ("sensor-1,DE,7\nsensor-1,DE,8", "devices.csv:3: CommonName sensor-1 is that of line 2"),
        ("", "devices.csv: contains no devices"),
    ],
)
def test_a_bad_line_is_reported_with_its_number_and_nothing_is_issued(line, problem):
    result = issue(f"{FIRST_LINE}{line}\n")
    assert result.exit_code == 2
    assert problem in result.stderr
    assert not Path("devices").exists()


def test_all_bad_lines_are_reported_up_to_twenty():
    result = issue(FIRST_LINE + ",DE,7\n" * 25)
    assert len(result.stderr.splitlines()) == 21
    assert "5 more problems" in result.stderr


def test_ctrl_c_ends_with_whole_pairs_of_files_and_says_how_many(monkeypatch):
    real = Authority.issue

    def interrupted(authority, subject, days):
        if Path("devices/sensor-1.pem").exists():
            os.kill(os.getpid(), signal.SIGINT)
        return real(authority, subject, days)

    monkeypatch.setattr(Authority, "issue", interrupted)
    result = issue(FIRST_LINE + "".join(f"sensor-{number},DE,7\n" for number in range(1, 9)))
    assert result.exit_code == 130
    reported = "2 certificates with their keys are in devices: --resume issues the others\n"
    assert result.stderr == reported
    assert {file.name for file in Path("devices").iterdir()} == {
        f"sensor-{number}.{kind}" for number in (1, 2) for kind in ("pem", "key")
    }


LINES = FIRST_LINE + "".join(f"sensor-{number},DE,7\n" for number in range(1, 5))


def test_a_run_that_was_ended_is_resumed_and_keeps_what_it_issued():
    issue(LINES)
    kept, lost = Path("devices/sensor-1.pem").read_bytes(), Path("devices/sensor-2.key").read_bytes()
    Path("devices/sensor-2.pem").unlink()
    for file in ("devices/sensor-3.pem", "devices/sensor-3.key"):
        Path(file).unlink()
    result = issue(LINES, "--resume")
    assert (result.exit_code, result.stdout) == (0, "4 certificates with their keys are in devices\n")
    assert Path("devices/sensor-1.pem").read_bytes() == kept
    assert Path("devices/sensor-2.key").read_bytes() == lost
    for number in range(1, 5):
        key = serialization.load_pem_private_key(Path(f"devices/sensor-{number}.key").read_bytes(), None)
        assert key.public_key() == certificate(f"devices/sensor-{number}.pem").public_key()


def of_another_ca():
    run("create", "--out", "other")
    Path("lines.csv").write_text(LINES)
    run("issue", "lines.csv", "--ca", "other/ca.pem", "--key", "other/ca.key", "--out", "foreign")
    for kind in ("pem", "key"):
        Path(f"foreign/sensor-2.{kind}").replace(f"devices/sensor-2.{kind}")


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (of_another_ca, "sensor-2.pem: is not what this CA issues for that line and key"),
        (
            lambda: Path("devices/sensor-1.key").replace("devices/sensor-2.key"),
            "sensor-2.pem: is not what this",
        ),
        (
            lambda: Path("devices/sensor-2.key").write_bytes(b""),
            "sensor-2.key: holds no key of an earlier run",
        ),
        (
            lambda: Path("devices/sensor-2.pem").write_bytes(b""),
            "sensor-2.pem: holds no certificate: delete it",
        ),
    ],
    ids=["another CA", "another key", "half a key", "half a certificate"],
)
def test_what_an_earlier_run_did_not_make_of_this_list_is_not_kept(spoil, problem):
    issue(LINES)
    spoil()
    result = issue(LINES, "--resume")
    assert result.exit_code == 2
    assert problem in result.stderr


def test_a_list_that_is_issued_already_is_refused_in_no_more_than_twenty_lines():
    lines = FIRST_LINE + "".join(f"sensor-{number},DE,7\n" for number in range(30))
    issue(lines)
    result = issue(lines)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 21)


def test_a_certificate_that_outlives_its_ca_is_reported():
    run("create", "--days", "30", "--out", "short")
    Path("devices.csv").write_text(LINES)
    short = ["issue", "devices.csv", "--ca", "short/ca.pem", "--key", "short/ca.key", "--out", "devices"]
    result = run(*short)
    assert result.exit_code == 0
    end = certificate("short/ca.pem").not_valid_after_utc
    assert (
        f"warning: short/ca.pem ends on {end:%Y-%m-%d}, and certificates of 3650 days outlive it"
        in result.stderr
    )
    assert "warning" not in issue(FIRST_LINE + "sensor-9,DE,7\n").stderr


@pytest.mark.parametrize("file", ["devices/sensor-2.pem", "ca.pem"], ids=["of another CA", "the CA itself"])
def test_a_revocation_list_holds_nothing_that_its_ca_did_not_issue(file):
    issue(LINES)
    of_another_ca()
    result = run("revocation-list", "devices/sensor-1.pem", file)
    assert (result.exit_code, result.stderr) == (
        2,
        f"{file}: was not issued by ca.pem: give --ca and --key of its CA\n",
    )
    assert not Path("revoked.pem").exists()


def test_a_certificate_that_is_given_twice_is_listed_once():
    issue(LINES)
    assert run("revocation-list", "devices/sensor-1.pem", "devices/./sensor-1.pem").exit_code == 0
    assert len(list(x509.load_pem_x509_crl(Path("revoked.pem").read_bytes()))) == 1


def test_a_bar_with_the_time_left_moves_on_a_terminal():
    import pty

    Path("devices.csv").write_text("CommonName\n" + "".join(f"sensor-{number}\n" for number in range(300)))
    master, slave = pty.openpty()
    program = [
        sys.executable,
        "-m",
        "device_provisioning.cli",
        "ca",
        "issue",
        "devices.csv",
        "--out",
        "devices",
    ]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(program, stderr=slave, stdout=slave, env=environment) as running:
        os.close(slave)
        reported = b""
        with suppress(OSError):
            while chunk := os.read(master, 65536):
                reported += chunk
    os.close(master)
    assert running.returncode == 0
    assert re.search(r"issued.*\d+%.*\d:\d\d:\d\d", reported.decode(), re.DOTALL)


def test_a_field_that_no_subject_has_is_reported():
    result = issue("CommonName,Colour\nsensor-1,red\n")
    assert "devices.csv:2: Colour: the fields of a subject are CommonName" in result.stderr


@pytest.mark.parametrize("file", ["devices.jsonl", "nowhere.csv"])
def test_devices_that_cannot_be_read_are_reported(file):
    result = run("issue", file)
    assert result.exit_code == 2
    assert file in result.stderr


def test_a_key_of_another_ca_is_refused():
    run("create", "--out", "other")
    result = issue(FIRST_LINE + "sensor-1,DE,7\n", "--key", "other/ca.key")
    assert result.exit_code == 2
    assert "other/ca.key: is not the key of ca.pem" in result.stderr


def test_a_device_is_no_ca():
    issue(FIRST_LINE + "sensor-1,DE,7\n")
    result = run("revocation-list", "--ca", "devices/sensor-1.pem", "--key", "devices/sensor-1.key")
    assert "devices/sensor-1.pem: is not the certificate of a CA" in result.stderr


def test_a_ca_that_is_not_there_is_said_to_be_unreadable(tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    for name in ("ca.pem", "ca.key"):
        result = CliRunner().invoke(app, ["ca", "revocation-list", "--out", "out.pem"])
        assert result.exit_code == 2
        assert result.stderr == f"{name}: cannot be read: No such file or directory\n"
        CliRunner().invoke(app, ["ca", "create", "--out", "made"])
        Path("ca.pem").write_bytes(Path("made/ca.pem").read_bytes())


@pytest.mark.parametrize("content", [b"", b"\xff", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_file_that_holds_no_key_is_reported(content):
    Path("bad.key").write_bytes(content)
    assert "bad.key: contains no private key" in run("revocation-list", "--key", "bad.key").stderr


def test_a_kind_of_key_that_aws_iot_does_not_accept_is_reported():
    key = ed25519.Ed25519PrivateKey.generate()
    subject = x509.Name([])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1)
        .not_valid_before(certificate("ca.pem").not_valid_before_utc)
        .not_valid_after(certificate("ca.pem").not_valid_after_utc)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, None)
    )
    pem, none = serialization.Encoding.PEM, serialization.NoEncryption()
    Path("ed.pem").write_bytes(made.public_bytes(pem))
    Path("ed.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, none))
    assert "EC and RSA keys only" in run("revocation-list", "--ca", "ed.pem", "--key", "ed.key").stderr


def test_the_verification_certificate_carries_the_registration_code():
    assert run("verification-certificate", CODE).exit_code == 0
    made = certificate("verification.pem")
    made.verify_directly_issued_by(certificate("ca.pem"))
    assert made.subject.rfc4514_string() == f"CN={CODE}"


def test_the_verification_certificate_carries_the_verify_code_of_iotda():
    code = "2c8b5905-b34a-4b64-8112-f6c047ae065c"
    assert run("verification-certificate", code, "--iotda").exit_code == 0
    assert certificate("verification.pem").subject.rfc4514_string() == f"CN={code}"


@pytest.mark.parametrize("code", ["two words", "a" * 65])
def test_what_is_no_verify_code_is_refused(code):
    result = run("verification-certificate", code, "--iotda")
    assert result.exit_code == 2
    assert "give the verify code that IoTDA answers for the CA" in result.stderr


def test_what_is_no_registration_code_is_refused():
    result = run("verification-certificate", "12")
    assert result.exit_code == 2
    assert "give the 64 hexadecimal digits" in result.stderr


def test_the_revocation_list_is_signed_and_lists_what_is_given():
    issue(FIRST_LINE + "sensor-1,DE,7\nsensor-2,DE,7\n")
    assert run("revocation-list", "devices/sensor-1.pem", "--days", "3").exit_code == 0
    listed = x509.load_pem_x509_crl(Path("revoked.pem").read_bytes())
    assert listed.is_signature_valid(certificate("ca.pem").public_key())
    serial_numbers = [entry.serial_number for entry in listed]
    assert serial_numbers == [certificate("devices/sensor-1.pem").serial_number]
    assert (listed.next_update_utc - listed.last_update_utc).days == 3


def test_without_cryptography_the_command_says_what_to_install():
    block = "import sys; sys.modules['cryptography'] = None; from device_provisioning.cli import main; main()"
    command = [sys.executable, "-c", block, "ca", "create", "--out", "elsewhere"]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 2
    assert ran.stderr == "this needs cryptography: pip install 'device-provisioning[aws]'\n"
