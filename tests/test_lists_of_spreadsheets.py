"""Lists as spreadsheets write them, in every verb that reads one."""

import csv
import io
import sys

import pytest

from device_provisioning.allow_list.rows import read_rows
from device_provisioning.aws_iot import ListedDevice
from device_provisioning.console.devices import Devices
from device_provisioning.console.sources import UnreadableError
from tests.support.allow_list_command import NAME, a_file, items, run

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]
WRITTEN = {
    "commas": "serial_number,{name}\r\nA-1,plant7\r\n\r\nA-2,\r\n",
    "semicolons": "serial_number;{name}\r\nA-1;plant7\r\n\r\nA-2;\r\n",
    "tabs": "serial_number\t{name}\r\nA-1\tplant7\r\n\r\nA-2\t\r\n",
    "declared": "sep=;\r\nserial_number;{name}\r\nA-1;plant7\r\n\r\nA-2;\r\n",
    "declared and quoted": '"sep=|"\nserial_number|{name}\nA-1|plant7\n\nA-2|\n',
    "without an end": "serial_number;{name}\nA-1;plant7\n\nA-2;",
}


def encoded(text, encoding):
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    return mark + text.encode(encoding)


@pytest.fixture(params=[False, True], ids=["file", "stream"])
def given(request, tmp_path, monkeypatch):
    """The name of a list that holds some bytes."""

    def name_of(content):
        if request.param:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(content))))
            return "-"
        (tmp_path / "list.csv").write_bytes(content)
        return str(tmp_path / "list.csv")

    return name_of


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("written", WRITTEN)
def test_a_list_to_import_is_read_whatever_the_spreadsheet_made_of_it(given, written, encoding):
    text = WRITTEN[written].format(name="parameter_overrides.Site")
    rows = list(read_rows(given(encoded(text, encoding))))
    assert [row.reasons for row in rows] == [(), ()]
    assert [(row.device.serial_number, row.device.parameter_overrides) for row in rows] == [
        ("A-1", {"Site": "plant7"}),
        ("A-2", {}),
    ]
    first = 3 if written.startswith("declared") else 2
    assert [row.line for row in rows] == [first, first + 2]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("written", WRITTEN)
def test_devices_to_simulate_are_read_whatever_the_spreadsheet_made_of_them(given, written, encoding):
    devices = list(Devices(given(encoded(WRITTEN[written].format(name="Site"), encoding))))
    assert [device.parameters for device in devices] == [
        {"serial_number": "A-1", "Site": "plant7"},
        {"serial_number": "A-2"},
    ]


def test_a_comma_in_a_value_separates_nothing_in_a_list_of_semicolons(given):
    (row,) = read_rows(given(b"serial_number;parameter_overrides.Site\nA-1;plant, 7\n"))
    assert row.device.parameter_overrides == {"Site": "plant, 7"}


@pytest.mark.parametrize("read", [read_rows, Devices])
def test_a_separator_that_is_not_read_is_named(given, read):
    with pytest.raises(UnreadableError, match=":1: has values separated by bars: separate them by commas, "):
        list(read(given(b"serial_number|blocked\nA-1|true\n")))


@pytest.mark.parametrize("read", [read_rows, Devices])
def test_half_a_character_of_utf_16_is_one_line(given, read):
    with pytest.raises(UnreadableError, match="is not UTF-16 text"):
        list(read(given("serial_number\nA-1\n".encode("utf-16")[:-1])))


@pytest.mark.parametrize("read", [read_rows, Devices])
def test_a_list_of_nothing_but_a_separator_is_refused(given, read):
    with pytest.raises(UnreadableError, match=r"serial_number is required|is empty"):
        list(read(given(b"sep=;\r\n")))


@pytest.mark.parametrize(
    ("written", "second"),
    [
        ("1798761600", 1798761600),
        ("2027-01-01", 1798761600),
        ("2027-01-01T00:00Z", 1798761600),
        ("2027-01-01T01:00:00+01:00", 1798761600),
        ("", None),
    ],
)
def test_when_a_device_expires_is_a_date_or_a_second(given, written, second):
    (row,) = read_rows(given(f"serial_number,expires_at\nA-1,{written}\n".encode()))
    assert (row.reasons, row.device.expires_at) == ((), second)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1798761600000", "is after the year 2199, as milliseconds would be"),
        ("2027-01-01T00:00", "has no time zone"),
        ("tomorrow", "is neither a date nor a second since 1970"),
        ("1.8E+09", "is neither a date nor a second since 1970"),
    ],
)
def test_when_a_device_expires_is_refused_with_what_to_give(given, written, reason):
    (row,) = read_rows(given(f"serial_number,expires_at\nA-1,{written}\n".encode()))
    assert row.device is None
    (said,) = row.reasons
    assert said.startswith(f"expires_at {reason}: give 2027-01-31, 2027-01-31T12:00Z or 1801353600")


def test_a_device_in_code_expires_by_the_second_and_not_by_the_millisecond():
    with pytest.raises(ValueError, match="is after the year 2199, as milliseconds would be"):
        ListedDevice(serial_number="A-1", expires_at=1798761600000)


def said_of(tmp_path, text):
    """What an import says of a list that it checks, line by line."""
    return run("import", a_file(tmp_path, text), "--table", NAME, "--validate-only").stderr.splitlines()


def test_devices_that_expired_already_are_warned_of(tmp_path):
    rows = "".join(f"A-{number},{year}-01-01\n" for number, year in enumerate([2001, 2100, 2002, 2199]))
    said = said_of(tmp_path, f"serial_number,expires_at\n{rows}")
    assert said == [
        "warning: 2 devices expired already and can't register: line 2, 4",
        "4 rows valid, 0 rejected",
    ]


def test_serial_numbers_that_differ_in_case_only_are_warned_of(tmp_path):
    said = said_of(tmp_path, "serial_number\nA-1\nB-1\na-1\nC-1\n")
    assert said[0] == (
        "warning: serial numbers that differ in case only are different devices: A-1 (line 2), a-1 (line 4)"
    )


def test_the_first_rejected_rows_are_shown_and_all_counted_by_reason(tmp_path):
    rows = "".join(f"A {number}\n" for number in range(20)) + "B-1\n" * 3 + "C-1\n"
    said = said_of(tmp_path, f"serial_number\n{rows}")
    assert said[1:] == [
        *(f"  line {number + 2}: serial_number has a space: 'A {number}'" for number in range(5)),
        "  and 17 more; by reason:",
        "  20 × serial_number has a space",
        "  2 × duplicate serial_number, first on an earlier line",
        "2 rows valid, 22 rejected",
    ]


@pytest.mark.parametrize("spoilt", ["4.90154E+14", "4.90154203237518e+14", "5E+14", "490154203237518.0"])
def test_a_serial_number_that_a_spreadsheet_spoilt_is_refused_by_name(given, spoilt):
    (row,) = read_rows(given(f"serial_number\n{spoilt}\n".encode()))
    assert (row.device, row.reasons) == (
        None,
        (
            "serial_number is a number as a spreadsheet rounds it: format the column as text and enter the"
            f" numbers again: {spoilt!r}",
        ),
    )


@pytest.mark.parametrize("sound", ["490154203237518", "1E5", "12E4", "1.2.0", "3e-7", "A-1.0", "0E+x"])
def test_a_serial_number_that_only_resembles_a_spoilt_one_is_taken(given, sound):
    (row,) = read_rows(given(f"serial_number\n{sound}\n".encode()))
    assert row.device.serial_number == sound


def test_validating_a_list_needs_no_table(tmp_path):
    file = a_file(tmp_path, "serial_number\nA-1\n")
    assert run("import", file, "--validate-only").stderr == "1 row valid, 0 rejected\n"
    refused = run("import", file)
    assert (refused.exit_code, refused.stderr) == (
        2,
        "--table: is needed to import: give the name of the table, or --validate-only\n",
    )


def test_rejected_rows_keep_their_columns_and_can_be_mended_and_imported(tmp_path):
    file = a_file(tmp_path, "serial_number;blocked;parameter_overrides.Site\nA-1;;x\nA 2;yes;a, b\nA-3\n")
    assert run("import", file, "--validate-only").exit_code == 1
    rejects = tmp_path / "devices.csv.rejects.csv"
    written = rejects.read_text()
    assert [row[2:] for row in csv.reader(written.splitlines())] == [
        ["serial_number", "blocked", "parameter_overrides.Site"],
        ["A 2", "yes", "a, b"],
        ["A-3"],
    ]
    again = run("import", rejects, "--validate-only")
    assert again.stderr.splitlines()[-1] == "0 rows valid, 2 rejected"
    twice = tmp_path / "devices.csv.rejects.csv.rejects.csv"
    assert twice.read_text().splitlines()[0] == written.splitlines()[0]
    rejects.write_text(written.replace("A 2", "A-2").replace(",A-3", ",A-3,,"))
    assert run("import", rejects, "--validate-only").stderr == "2 rows valid, 0 rejected\n"
    assert not twice.exists()


def test_rejected_objects_are_kept_as_they_stand(tmp_path):
    file = a_file(tmp_path, '{"serial_number": "A 1"}\n', "devices.jsonl")
    assert run("import", file, "--validate-only").exit_code == 1
    first, second = csv.reader((tmp_path / "devices.jsonl.rejects.csv").read_text().splitlines())
    assert (first, second[2]) == (["line", "reasons", "row"], '{"serial_number": "A 1"}')


@pytest.mark.parametrize(
    ("changes", "written", "becomes"),
    [
        (["lower"], "AA-01", "aa-01"),
        (["upper"], "aa-01", "AA-01"),
        (["no-separators"], "49-015420-323751/8", "490154203237518"),
        (["lower", "no-separators"], "AA:BB:CC:00:11:22", "aabbcc001122"),
        (["no-separators", "upper"], "aabb.cc00.1122", "AABBCC001122"),
        (["lower"], "9F1C2D3E-0000-4000-8000-00000000000A", "9f1c2d3e-0000-4000-8000-00000000000a"),
    ],
)
def test_serial_numbers_are_brought_into_one_form(list_table, tmp_path, changes, written, becomes):
    file = a_file(tmp_path, f"serial_number,blocked\n{written},true\n")
    options = [part for change in changes for part in ("--normalise", change)]
    assert run("import", file, "--table", NAME, *options).exit_code == 0
    assert items(list_table) == {becomes: {"serial_number": {"S": becomes}, "blocked": {"BOOL": True}}}


def test_serial_numbers_that_become_the_same_are_duplicates_and_nothing_is_no_serial_number(tmp_path):
    file = a_file(tmp_path, "serial_number\nAA:01\naa-01\n:::\n")
    options = ["--normalise", "lower", "--normalise", "no-separators"]
    result = run("import", file, "--validate-only", *options)
    assert "  line 3: duplicate serial_number, first on line 2: 'aa01'" in result.stderr
    assert "  line 4: serial_number has nothing but separators: ':::'" in result.stderr


def test_records_are_restored_as_they_were(tmp_path):
    file = a_file(tmp_path, '{"serial_number": "A-1"}\n', "devices.jsonl")
    result = run("import", file, "--table", NAME, "--restore", "--normalise", "lower")
    assert (result.exit_code, "--restore and --normalise" in result.stderr) == (2, True)
