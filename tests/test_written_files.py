"""Whatever the command writes is whole or not there, and what was there before outlives a failure."""

import signal

import pytest

from tests.support.faulty_disk import Fault, run_with
from tests.support.left_over import telling
from tests.support.writing_verbs import VERBS, Account

WAS_THERE = b"what was there\n"
# Keys and certificates differ from run to run; their last lines don't.
FIRST, LAST = b"-----BEGIN ", b"-----\n"
MOST_BYTES = 100


@pytest.fixture(scope="module")
def account(emulator):
    return Account(emulator)


@pytest.fixture(scope="module")
def references():
    return {}


@pytest.fixture(params=VERBS)
def verb(request):
    return VERBS[request.param]


@pytest.fixture
def run(verb, account, emulator, tmp_path):
    """Run the verb in a folder of its own: how it ended, and the files before and after."""

    def run(fault=None, *, with_files=verb.is_replacing, name="run"):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        account.give(verb.needs)
        verb.prepare(folder)
        for file in verb.files if with_files else ():
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_bytes(WAS_THERE)
        before = files_of(folder)
        ended = run_with(fault or Fault(), folder, verb.arguments.split(), emulator.environment())
        return ended, before, files_of(folder)

    return run


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def told_in_a_line(ended):
    return ended.status == 2 and "Traceback" not in ended.said and "cannot be" in ended.said


def test_all_of_it_is_written_when_nothing_fails(verb, run):
    ended, before, after = run()
    assert ended.status == verb.status, ended.said
    assert set(verb.files) <= after.keys() - {name for name in before if before[name] == after[name]}
    assert not [name for name in after if name.endswith(".part")]


def test_a_disk_that_is_full_leaves_everything_as_it_was(run):
    ended, before, after = run(Fault(most_bytes=MOST_BYTES))
    assert told_in_a_line(ended), ended
    assert after == before


def test_a_folder_that_is_read_only_stays_as_it_was(run):
    ended, before, after = run(Fault(read_only=True))
    assert told_in_a_line(ended), ended
    assert after == before


def test_a_folder_where_a_file_is_wanted_is_reported_and_stays(verb, run, tmp_path):
    for file in verb.files:
        (tmp_path / "run" / file).mkdir(parents=True)
    ended, before, after = run(with_files=False)
    assert ended.status == 2, ended.said
    assert "Traceback" not in ended.said
    assert verb.files[0].split("/")[0] in ended.said
    assert after == before
    assert all((tmp_path / "run" / file).is_dir() for file in verb.files)


def test_validating_a_list_needs_no_file_beside_it(emulator, tmp_path):
    (tmp_path / "d.csv").write_text("serial_number\nA-1\n")
    arguments = ["devices", "import", "d.csv", "--table", "t", "--validate-only"]
    ended = run_with(Fault(read_only=True), tmp_path, arguments, emulator.environment())
    assert (ended.status, "1 row valid" in ended.said) == (0, True), ended
    assert files_of(tmp_path).keys() == {"d.csv"}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("verb", telling(VERBS, {"ca issue", "explain"}), indirect=True)
def test_whenever_it_is_killed_what_is_there_is_whole(verb, run):
    _, _, whole = run(name="whole")
    step, further, killed = 1, 1, 0
    while (end := run(Fault(killed_at=step), name=f"step-{step}"))[0].status == -signal.SIGKILL:
        _, before, after = end
        for name, content in after.items():
            if not (name.endswith(".part") or ".part/" in name or name in verb.passing):
                is_key_or_certificate = content.startswith(FIRST) and content.endswith(LAST)
                assert is_key_or_certificate or content in (before.get(name), whole.get(name)), (step, name)
        # Every one of the first steps, then fewer: a project has many files.
        step, further, killed = step + further, further + (step > 4), killed + 1
    assert killed > 2
