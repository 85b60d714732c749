"""Rows of a file that become records of an allow list, against the emulator's DynamoDB."""

import csv
import json
import stat
from pathlib import Path

import pytest

from device_provisioning.allow_list.staging import Staging
from device_provisioning.console.aws_calls import AwsCalls
from tests.support.allow_list_command import NAME, a_file, items, left, run


def test_rows_of_csv_and_of_jsonl_become_the_same_records(list_table, tmp_path):
    rows = "serial_number,blocked,expires_at,parameter_overrides.Site\nA-1,,,\nA-2,true,1900000000,plant7\n"
    assert run("import", a_file(tmp_path, rows), "--table", NAME).exit_code == 0
    of_csv = items(list_table)
    lines = [
        {"serial_number": "A-1"},
        {
            "serial_number": "A-2",
            "blocked": True,
            "expires_at": 1900000000,
            "parameter_overrides": {"Site": "plant7"},
        },
    ]
    for name in of_csv:
        list_table.delete_item(TableName=NAME, Key={"serial_number": {"S": name}})
    file = a_file(tmp_path, "\n".join(map(json.dumps, lines)), "devices.jsonl")
    assert run("import", file, "--table", NAME).exit_code == 0
    assert items(list_table) == of_csv
    assert of_csv["A-2"]["parameter_overrides"] == {"M": {"Site": {"S": "plant7"}}}
    assert left(tmp_path) == ["devices.csv", "devices.jsonl"]


def test_what_the_hook_wrote_and_what_the_file_does_not_say_stay(list_table, tmp_path):
    used = {
        "serial_number": {"S": "A-1"},
        "certificate_id": {"S": "c" * 64},
        "claimed_at": {"N": "1"},
        "blocked": {"BOOL": True},
    }
    list_table.put_item(TableName=NAME, Item=used)
    file = a_file(tmp_path, "serial_number,expires_at\nA-1,1900000000\n")
    assert run("import", file, "--table", NAME).exit_code == 0
    assert items(list_table)["A-1"] == {**used, "expires_at": {"N": "1900000000"}}


def test_every_rejected_row_is_reported_with_its_line_and_reasons_and_nothing_is_written(
    list_table, tmp_path
):
    text = "serial_number,blocked,expires_at\nA-1,,\nA 2,maybe,0\nA-1,,\nA-4\n"
    result = run("import", a_file(tmp_path, text), "--table", NAME)
    assert result.exit_code == 1
    assert "1 row valid, 3 rejected" in result.stderr
    assert "nothing was written" in result.stderr
    assert items(list_table) == {}
    with (tmp_path / "devices.csv.rejects.csv").open(newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [reject["line"] for reject in rejects] == ["3", "4", "5"]
    assert all(name in rejects[0]["reasons"] for name in ("serial_number", "blocked", "expires_at"))
    assert "first on line 2" in rejects[1]["reasons"]
    assert "has 1 values for 3 columns" in rejects[2]["reasons"]


@pytest.mark.parametrize("more", [[], ["--restore"]])
def test_a_row_that_overrides_what_belongs_to_aws_iot_is_rejected(tmp_path, more):
    device = {"serial_number": "A-1", "parameter_overrides": {"AWS::IoT::Certificate::Id": "x"}}
    file = a_file(tmp_path, json.dumps(device), "devices.jsonl")
    assert run("import", file, "--table", NAME, "--validate-only", *more).exit_code == 1
    (row,) = csv.DictReader((tmp_path / "devices.jsonl.rejects.csv").read_text().splitlines())
    assert "can't override AWS::IoT::Certificate::Id, which belongs to AWS IoT" in row["reasons"]


def test_the_other_rows_are_written_when_rejects_are_to_be_skipped(list_table, tmp_path):
    file = a_file(tmp_path, "serial_number\nA-1\nA 2\n")
    assert run("import", file, "--table", NAME, "--skip-rejects").exit_code == 1
    assert list(items(list_table)) == ["A-1"]


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("", "devices.csv", "the first line is empty"),
        ("name\nA-1\n", "devices.csv", "allowed columns are serial_number, batch_name, blocked"),
        ("serial_number\n", "devices.csv", "contains no devices"),
        ("x", "devices.txt", "give a file that ends with .csv, .jsonl or .parquet"),
        (None, "devices.csv", "cannot be read: No such file"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_line_and_leaves_nothing(tmp_path, text, name, message):
    file = tmp_path / name if text is None else a_file(tmp_path, text, name)
    result = run("import", file, "--table", NAME)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert left(tmp_path) == ([] if text is None else [name])


@pytest.mark.parametrize("rows", ["A-1", "A 1"], ids=["good", "rejected"])
def test_rejects_replace_only_what_is_theirs(tmp_path, rows):
    rejects, link = tmp_path / "other.txt", tmp_path / "link"
    rejects.write_text("not of this command")
    link.symlink_to("other.txt")
    file = a_file(tmp_path, f"serial_number\n{rows}\n")
    run("import", file, "--table", NAME, "--rejects", link, "--validate-only")
    assert link.is_symlink()
    assert rejects.read_text().startswith(
        "not of this command" if rows == "A-1" else "line,reasons,serial_number"
    )
    run(
        "import",
        a_file(tmp_path, "serial_number\nA-1\n"),
        "--table",
        NAME,
        "--rejects",
        rejects,
        "--validate-only",
    )
    assert rejects.exists() == (rows == "A-1")


@pytest.mark.parametrize("device", ["/dev/null", "/dev/full"])
def test_rejects_go_to_a_device_that_stays_one(tmp_path, device):
    file = a_file(tmp_path, "serial_number\nA 1\n")
    result = run("import", file, "--table", NAME, "--rejects", device, "--validate-only")
    assert result.exit_code == (1 if device == "/dev/null" else 2)
    assert stat.S_ISCHR(Path(device).stat().st_mode)
    assert left(tmp_path) == ["devices.csv"]


def test_an_import_that_runs_is_not_said_to_be_interrupted(tmp_path):
    file = a_file(tmp_path, "serial_number\nA-1\n")
    with Staging(str(file), f"--table {NAME}", resume=False):
        for more in ([], ["--resume"]):
            result = run("import", file, "--table", NAME, *more)
            assert result.exit_code == 2
            assert "devices.csv.import" in left(tmp_path)
            assert result.stderr == f"{file}: another import of it is running: wait until it has ended\n"


def test_a_null_says_nothing(list_table, tmp_path):
    record = {"serial_number": "A-1", "expires_at": None}
    file = a_file(tmp_path, json.dumps(record), "devices.jsonl")
    assert run("import", file, "--table", NAME).exit_code == 0
    assert items(list_table)["A-1"] == {"serial_number": {"S": "A-1"}, "blocked": {"BOOL": False}}


def test_options_that_make_no_sense_together_are_told_all_at_once(tmp_path):
    more = ["--resume", "--dry-run", "--bucket", "lists", "--rejects", "devices.csv.import"]
    result = run("import", "devices.csv", "--table", NAME, *more)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "devices.csv.import: is already in use: give another file for the rejects",
        "--resume: continues writing: leave out --validate-only and --dry-run",
        "--bucket and --encryption-key: are for --via s3-import",
    ]


@pytest.mark.parametrize("name", ["devices.csv", "./devices.csv", "devices.csv.import"])
def test_rejects_are_not_written_over_what_is_imported(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    file = a_file(tmp_path, "serial_number\nA-1\nA 2\n")
    result = run("import", "devices.csv", "--table", NAME, "--rejects", name)
    assert result.exit_code == 2
    assert "give another file for the rejects" in result.stderr
    assert file.read_text() == "serial_number\nA-1\nA 2\n"
    assert left(tmp_path) == ["devices.csv"]


def test_validating_calls_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(AwsCalls, "_made", lambda _: pytest.fail("AWS is called"))
    file = a_file(tmp_path, "serial_number\nA-1\n")
    result = run("import", file, "--table", NAME, "--validate-only")
    assert (result.exit_code, left(tmp_path)) == (0, ["devices.csv"])
    assert "1 row valid" in result.stderr


def test_a_dry_run_tells_what_is_new_and_writes_nothing(list_table, tmp_path):
    list_table.put_item(TableName=NAME, Item={"serial_number": {"S": "A-1"}})
    rows = "".join(f"A-{number}\n" for number in range(1, 251))
    result = run("import", a_file(tmp_path, f"serial_number\n{rows}"), "--table", NAME, "--dry-run")
    assert result.exit_code == 0
    assert "would add 249 devices and update 1" in result.stderr
    assert list(items(list_table)) == ["A-1"]


def test_a_table_that_is_not_there_is_told_in_one_line_and_leaves_nothing(emulator, tmp_path, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    result = run("import", a_file(tmp_path, "serial_number\nA-1\n"), "--table", "nowhere")
    assert result.exit_code == 2
    assert "look the name of the table up in the stack's outputs" in result.stderr
    assert "nothing was written" in result.stderr
    assert left(tmp_path) == ["devices.csv"]
