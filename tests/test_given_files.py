"""What is given as a file and can't be one is refused in one line, by every verb."""

import errno
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device_provisioning.certificates.authority import create_authority
from device_provisioning.cli import app
from device_provisioning.console.standard_output import standard_output
from tests.support.simulated import DEFAULT

LONG = "x" * 300
TEMPLATE = "AWS::IoT::ProvisioningTemplate"
TOO_LONG = os.strerror(errno.ENAMETOOLONG)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, with a CA and subjects for it."""
    authority = create_authority("Bench", 30)
    (tmp_path / "ca.pem").write_bytes(authority.certificate_pem)
    (tmp_path / "ca.key").write_bytes(authority.private_key_pem)
    (tmp_path / "subjects.csv").write_text("CommonName\nA-1\n")
    (tmp_path / "d.csv").write_text("serial_number\nA-1\n")
    (tmp_path / "body.json").write_bytes(Path(DEFAULT).read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(arguments):
    return CliRunner().invoke(app, arguments)


def refused(arguments):
    """What a verb says that refuses what it is given."""
    before = sorted(Path().iterdir())
    result = run(arguments)
    assert result.exit_code == 2, result
    assert sorted(Path().iterdir()) == before
    return result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", LONG],
        ["lint", "--config", LONG, DEFAULT],
        ["lint", "--baseline", LONG, DEFAULT],
        ["simulate", LONG, "--device", "SerialNumber=A"],
        ["simulate", DEFAULT, "--devices", f"{LONG}.csv"],
        ["explain", LONG],
        ["init", LONG, "--engine", "cdk", "--name", "sensors"],
        ["panorama", "archive", LONG, "--out", "out"],
        ["greengrass", "config", LONG, "--core", "c", "--out", "out"],
        ["devices", "import", f"{LONG}.csv", "--table", "t", "--validate-only"],
        ["ca", "issue", "subjects.csv", "--out", LONG],
        ["ca", "create", "--out", LONG],
    ],
    ids=lambda arguments: " ".join(arguments).replace(LONG, "LONG"),
)
def test_a_name_that_is_too_long_is_said_to_be_so(arguments):
    said = refused(arguments)
    assert LONG in said
    assert TOO_LONG in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", "--config", "loop", "body.json"],
        ["lint", "--baseline", "loop", "body.json"],
        ["simulate", "loop", "--device", "SerialNumber=A"],
        ["simulate", "body.json", "--devices", "loop.csv"],
        ["simulate", "body.json", "--device", "SerialNumber=A", "--existing", "loop.jsonl"],
        ["simulate", "body.json", "--device", "SerialNumber=A", "--out", "loop"],
        ["explain", "loop"],
        ["devices", "import", "loop.csv", "--table", "t", "--validate-only"],
        ["devices", "import", "d.csv", "--table", "t", "--validate-only", "--rejects", "loop"],
        ["init", "loop", "--engine", "cdk", "--name", "sensors"],
        ["ca", "issue", "loop.csv", "--out", "out"],
        ["ca", "create", "--out", "loop"],
    ],
    ids=" ".join,
)
def test_a_link_that_leads_to_itself_is_one_line(arguments, folder):
    (folder / "d.csv").write_text("serial_number\nA 1\n")
    for name in ("loop", "loop.csv", "loop.jsonl"):
        (folder / name).symlink_to(name)
    assert refused(arguments).startswith("loop")


def joined(depth):
    """A stack whose template body is made of functions within each other."""
    body = '{"Fn::Join": ["", [' * depth + '"a"' + "]]}" * depth
    return f'{{"Resources": {{"T": {{"Type": "{TEMPLATE}", "Properties": {{"TemplateBody": {body}}}}}}}}}'


def planned(depth):
    values = f'{{"template_body": {"[" * depth}{"]" * depth}}}'
    resource = f'{{"type": "aws_iot_provisioning_template", "name": "t", "address": "t", "values": {values}}}'
    return f'{{"terraform_version": "1", "planned_values": {{"root_module": {{"resources": [{resource}]}}}}}}'


@pytest.mark.parametrize("depth", [200, 900, 5000])
@pytest.mark.parametrize("verb", ["lint", "explain", "simulate --device SerialNumber=A"])
@pytest.mark.parametrize("written", [joined, planned])
def test_a_template_that_is_nested_too_deeply_is_one_line(verb, written, depth, folder):
    (folder / "deep.json").write_text(written(depth))
    result = run([*verb.split(), "deep.json"])
    assert result.exit_code in (1, 2)
    assert isinstance(result.exception, SystemExit)
    assert "deep.json" in result.output


@pytest.mark.parametrize(
    ("arguments", "content", "message"),
    [
        ("panorama archive deep --out out", "[" * 5000, "is not a JSON object"),
        ("panorama archive deep --out out", '{"a": ' * 5000, "is not a JSON object"),
        ("greengrass config deep --core c --out out", "[" * 5000, "is not a JSON object"),
        (
            "lint --config deep body.json",
            f"a = {'[' * 5000}",
            "maximum recursion depth exceeded",
        ),
        ("lint --baseline deep body.json", "[" * 5000, "recursion limit exceeded"),
    ],
)
def test_what_is_nested_too_deeply_is_one_line(arguments, content, message, folder):
    (folder / "deep").write_text(content)
    (line,) = refused(arguments.split()).splitlines()
    assert message in line


def test_a_file_that_nobody_expected_to_fail_is_not_taken_for_standard_output(capfd):
    with pytest.raises(SystemExit, match="2"), standard_output():
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "secret/body.json")
    assert capfd.readouterr().err == "secret/body.json: cannot be read or written: Permission denied\n"


def test_a_configuration_above_that_cannot_be_looked_for_is_reported(folder, monkeypatch):
    here = folder / "gone"
    here.mkdir()
    monkeypatch.chdir(here)
    here.rmdir()
    result = run(["lint", str(folder / "body.json")])
    assert result.exit_code == 2
    assert result.stderr.startswith("the current folder: cannot be read: No such file or directory")
