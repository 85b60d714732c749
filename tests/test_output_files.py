"""What takes the place of a file, and what is written as it goes."""

import os
import stat
import threading
from pathlib import Path

import pytest

from device_provisioning.console import output_parts
from device_provisioning.console.new_files import write_all_new, write_new
from device_provisioning.console.output_files import SECRET, OutputFile
from device_provisioning.console.sources import UnreadableError


def write(path, content=b"new", **settings):
    with OutputFile(path, **settings) as file:
        file.write(content)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_keeps_its_mode_and_its_links(tmp_path):
    file, link, outer = tmp_path / "file", tmp_path / "link", tmp_path / "outer"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to("file")
    outer.symlink_to(link)
    write(outer)
    assert (file.read_bytes(), mode(file)) == (b"new", 0o640)
    assert link.is_symlink()
    assert outer.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link", "outer"]


def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path):
    before = os.umask(0o027)
    try:
        write(tmp_path / "file")
    finally:
        os.umask(before)
    assert mode(tmp_path / "file") == 0o640


def test_a_link_that_leads_nowhere_leads_to_the_file_afterwards(tmp_path):
    (tmp_path / "link").symlink_to("file")
    write(tmp_path / "link")
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_secret_is_for_its_owner_only_also_when_it_was_not_before(tmp_path):
    file = tmp_path / "key.pem"
    file.write_text("old")
    file.chmod(0o644)
    write(file, mode=SECRET)
    assert (file.read_bytes(), mode(file)) == (b"new", 0o600)


def test_devices_are_written_and_stay_devices():
    write("/dev/null")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    with pytest.raises(UnreadableError, match="/dev/full: cannot be written: No space left on device"):
        write("/dev/full")
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


def test_a_named_pipe_is_written_and_stays_one(tmp_path):
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write(pipe)
    reader.join(60)
    assert read == [b"new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_a_process_has_open_is_written_and_not_replaced(tmp_path):
    file = tmp_path / "file"
    with file.open("wb") as opened:
        opened.write(b"before ")
        opened.flush()
        before = file.stat().st_ino
        os.lseek(opened.fileno(), 0, os.SEEK_END)
        write(f"/dev/fd/{opened.fileno()}")
    assert file.stat().st_ino == before


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere/file", "No such file or directory"),
        ("a\0b", "null"),
        ("loop", "symbolic links"),
        ("", "Is a dir"),
    ],
)
def test_a_place_where_nothing_can_be_is_reported(tmp_path, monkeypatch, name, reason):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UnreadableError, match=f"(?s)cannot be written: .*{reason}"):
        write(name)


def test_a_block_that_fails_leaves_nothing_and_the_file_as_it_was(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def interrupted():
        with OutputFile(file) as output:
            output.write(b"x" * 100_000)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_what_is_kept_apart_is_beside_the_file(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"old")
    with OutputFile(file) as output:
        output.write(b"half")
        assert output.keep_apart() == f"{file}.partial"
    assert (file.read_bytes(), (tmp_path / "file.partial").read_bytes()) == (b"old", b"half")


def test_a_new_file_is_made_where_there_are_no_hard_links(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(output_parts.os, "link", refused)
    write_new(tmp_path / "file", b"new", SECRET)
    assert ((tmp_path / "file").read_bytes(), mode(tmp_path / "file")) == (b"new", 0o600)
    with pytest.raises(UnreadableError, match="already exists and will not be overwritten"):
        write_new(tmp_path / "file", b"newer", SECRET)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


def test_of_several_new_files_none_stays_when_one_cannot_be_written(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(UnreadableError, match="is not a directory"):
        write_all_new({tmp_path / "first": b"", tmp_path / "file" / "second": b""}, SECRET)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_no_more_than_twenty_files_in_the_way_are_named(tmp_path):
    files = {tmp_path / str(number): b"" for number in range(30)}
    write_all_new(files, SECRET)
    with pytest.raises(UnreadableError) as refused:
        write_all_new(files, SECRET)
    assert str(refused.value).splitlines()[-1] == "10 more files already exist"
    assert len(str(refused.value).splitlines()) == 21
