"""Parquet files of devices."""

import csv
import sys

import pyarrow
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from device_provisioning.allow_list.rows import read_rows
from device_provisioning.aws_iot import ListedDevice
from device_provisioning.cli import app, main

OVERRIDES = pyarrow.map_(pyarrow.string(), pyarrow.string())


def a_file(folder, columns, name="devices.parquet", **settings):
    file = folder / name
    pyarrow.parquet.write_table(pyarrow.table(columns), file, **settings)
    return str(file)


def validated(file):
    arguments = ["devices", "import", file, "--table", "any", "--validate-only"]
    return CliRunner().invoke(app, arguments)


def devices_of(file):
    return [row.device for row in read_rows(file)]


def test_rows_of_parquet_are_the_devices_that_rows_of_csv_are(tmp_path):
    text = "serial_number,blocked,expires_at,parameter_overrides.Site\nA-1,,,\nA-2,true,1900000000,plant7\n"
    (tmp_path / "devices.csv").write_text(text)
    columns = {
        "serial_number": ["A-1", "A-2"],
        "blocked": [None, True],
        # What pandas makes of whole numbers when some are missing.
        "expires_at": [None, 1900000000.0],
    }
    of_columns = a_file(tmp_path, {**columns, "parameter_overrides.Site": [None, "plant7"]})
    as_map = pyarrow.array([None, {"Site": "plant7"}], OVERRIDES)
    of_map = a_file(tmp_path, {**columns, "parameter_overrides": as_map}, "map.parquet")
    of_struct = a_file(
        tmp_path,
        {**columns, "parameter_overrides": [None, {"Site": "plant7", "Line": None}]},
        "struct.PARQUET",
    )
    expected = devices_of(str(tmp_path / "devices.csv"))
    assert expected[1] == ListedDevice(
        serial_number="A-2", blocked=True, expires_at=1900000000, parameter_overrides={"Site": "plant7"}
    )
    assert devices_of(of_columns) == devices_of(of_map) == devices_of(of_struct) == expected
    assert [device.model_fields_set for device in devices_of(of_map)] == [
        device.model_fields_set for device in expected
    ]


def test_every_rejected_row_is_reported_with_its_number_and_all_reasons(tmp_path):
    twice = pyarrow.array([[("Site", "a"), ("Site", "b")], None, None, None], OVERRIDES)
    columns = {
        "serial_number": ["A-1", "A 2", "A-3", "A-3"],
        "expires_at": [1, 0, None, None],
        "parameter_overrides": twice,
    }
    result = validated(a_file(tmp_path, columns))
    assert result.exit_code == 1
    assert "1 row valid, 3 rejected" in result.stderr
    with (tmp_path / "devices.parquet.rejects.csv").open(newline="") as file:
        rejects = {reject["line"]: reject["reasons"] for reject in csv.DictReader(file)}
    assert rejects.keys() == {"1", "2", "4"}
    assert rejects["1"] == "parameter_overrides names a parameter twice"
    assert all(name in rejects["2"] for name in ("serial_number", "expires_at"))
    assert "first on line 3" in rejects["4"]


def test_a_row_that_is_too_long_is_rejected(tmp_path):
    columns = {"serial_number": ["A-1", "A-2"], "parameter_overrides.Note": ["x" * 256_000, "y"]}
    first, second = read_rows(a_file(tmp_path, columns))
    assert first.device is None
    assert first.reasons == ("is longer than 256000 bytes as JSON",)
    assert len(first.text) < 200
    assert second.device


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"name": ["A-1"]}, "its columns are name: allowed columns are serial_number, batch_name, blocked"),
        (
            {
                "serial_number": ["A-1"],
                "parameter_overrides.Site": ["a"],
                "parameter_overrides": pyarrow.array([None], OVERRIDES),
            },
            "each once; serial_number is required",
        ),
        ({"serial_number": pyarrow.array([], pyarrow.string())}, "contains no devices"),
        (None, "cannot be read: Parquet magic bytes not found"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_line_and_leaves_nothing(tmp_path, columns, message):
    file = tmp_path / "devices.parquet"
    if columns is None:
        file.write_bytes(b"serial_number\nA-1\n" * 10)
    else:
        a_file(tmp_path, columns)
    result = validated(str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert message in line
    assert [path.name for path in tmp_path.iterdir()] == ["devices.parquet"]


def test_a_file_that_breaks_off_is_reported_in_one_line(tmp_path):
    file = tmp_path / "devices.parquet"
    a_file(tmp_path, {"serial_number": [f"A-{number}" for number in range(20_000)]}, use_dictionary=False)
    content = bytearray(file.read_bytes())
    content[2000:3000] = b"\xff" * 1000
    file.write_bytes(content)
    result = validated(str(file))
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "cannot be read" in line


def test_the_extra_that_is_missing_is_named_in_one_line(tmp_path, monkeypatch, capsys):
    file = a_file(tmp_path, {"serial_number": ["A-1"]})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    given = ["device-provisioning", "devices", "import", file, "--table", "devices", "--validate-only"]
    monkeypatch.setattr(sys, "argv", given)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "this needs pyarrow: pip install 'device-provisioning[parquet]'\n"


def test_memory_does_not_grow_with_the_rows_of_a_file_nor_of_a_group(tmp_path):
    names = [f"A-{number}" for number in range(20_000)]
    notes = [name * 200 for name in names]
    columns = {"serial_number": names, "parameter_overrides.Note": notes}
    file = a_file(tmp_path, columns, row_group_size=len(names), use_dictionary=False, compression="NONE")
    before = pyarrow.total_allocated_bytes()
    most = max(pyarrow.total_allocated_bytes() for _ in read_rows(file))
    assert most - before < 8_000_000 < sum(map(len, notes)) / 3
