"""What ``device-provisioning simulate`` cannot use is told in one line."""

from pathlib import Path

import pytest

from tests.support.simulated import BODY, JITP, a_file, outcomes, simulate
from tests.support.template_files import template_files

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("d.txt", "x", "d.txt: give a file that ends with .csv or .jsonl"),
        ("d.csv", "", "d.csv: is empty: the first line names the parameters"),
        ("d.csv", "a,a\n1,2", "d.csv:1: has a name that is empty or stands there twice"),
        ("d.csv", "a,\n1,2", "d.csv:1: has a name that is empty or stands there twice"),
        ("d.csv", "SerialNumber\n", "d.csv: contains no devices"),
        ("d.jsonl", "\n \n", "d.jsonl: contains no devices"),
        ("d.csv", b"SerialNumber\nA-1\n\xff\nA-2\n", "d.csv:3: is not UTF-8 text"),
        ("d.csv", b"SerialNumber\nA-1\n" + b"x" * 256_001, "d.csv:3: is longer than 256000 bytes"),
        ("d.jsonl", b"\xff", "d.jsonl:1: is not UTF-8 text"),
    ],
)
def test_a_file_of_devices_that_cannot_be_used_is_reported_in_one_line(tmp_path, name, content, message):
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
        ([str(HERE), "--device", "A=1"], "the folder contains no *.template.json"),
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
def test_bad_input_is_reported_in_one_line(arguments, message, tmp_path, monkeypatch):
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
def test_a_body_that_fits_no_device_is_reported_without_a_traceback(file):
    result = simulate(str(file.path), "--device", "SerialNumber=A-1")
    assert isinstance(result.exception, SystemExit | None)
    assert result.exit_code in (0, 1, 2)
