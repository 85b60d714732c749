"""What ``make release-check`` makes and refuses, step by step."""

import json
import subprocess

import pytest

from release import audit, check, checksums, distributions, licences, notes, secrets
from release.tools import Problem


@pytest.fixture
def needed(monkeypatch, tmp_path):
    """Two packages that users would install."""
    path = tmp_path / "requirements.txt"
    path.write_text("first==1.0 \\\n    --hash=sha256:00\nsecond[extra]==2.0\n")
    for step in (audit, licences):
        monkeypatch.setattr(step, "requirements", lambda folder: path)


def told(monkeypatch, step, answer):
    """Let the tool of a step answer something; gives what it was asked with."""
    asked = []
    monkeypatch.setattr(step, "run", lambda *given, **_: asked.extend(given) or json.dumps(answer))
    return asked


def test_the_checksums_are_those_of_all_files(tmp_path):
    (tmp_path / "a.whl").write_bytes(b"a")
    (tmp_path / "b.json").write_bytes(b"b")
    checksums.write(tmp_path)
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", checksums.NAME], cwd=tmp_path, capture_output=True, text=True
    )
    assert checked.stdout.splitlines() == ["a.whl: OK", "b.json: OK"]


CHANGELOG = """# Changelog

## Unreleased

<!-- public surface: 0 -->

- soon

## 1.2.3 - 2026-01-01

- done
"""


def test_the_notes_are_the_section_of_the_version():
    assert notes.section(CHANGELOG.replace("Unreleased", "1.3.0 - 2026-02-01"), "1.2.3") == "- done\n"


def test_what_is_not_released_is_noted_until_it_has_a_version():
    assert notes.section(CHANGELOG, "1.3.0") == "- soon\n"


def test_a_version_that_the_changelog_does_not_have_is_refused():
    with pytest.raises(Problem, match=r"neither for 1\.3\.0 nor for Unreleased"):
        notes.section("# Changelog\n\n## 1.2.3\n\n- done\n", "1.3.0")


def test_builds_that_differ_are_refused_by_name(monkeypatch, tmp_path):
    numbers = iter("12")

    def built(folder):
        number = next(numbers)
        for name in distributions.NAMES:
            (folder / name).write_text(number if name.endswith(".gz") else "the same")

    monkeypatch.setattr(distributions, "_built", built)
    with pytest.raises(Problem) as refused:
        distributions.build(tmp_path)
    assert str(refused.value) == f"built twice, these differ: {distributions.NAMES[1]}"


@pytest.mark.usefixtures("needed")
def test_a_licence_that_is_not_allowed_is_named_with_its_package(monkeypatch):
    packages = [
        {"Name": "first", "Version": "1.0", "License": "AGPL-3.0"},
        {"Name": "second", "Version": "2.0", "License": "BSD License"},
    ]
    asked = told(monkeypatch, licences, packages)
    with pytest.raises(Problem, match=r"first 1\.0: AGPL-3\.0$"):
        licences.check()
    assert asked[-2:] == ["first", "second"]


@pytest.mark.usefixtures("needed")
def test_a_known_vulnerability_is_named_with_what_mends_it(monkeypatch):
    found = {"id": "CVE-1", "fix_versions": ["1.1"]}
    told(monkeypatch, audit, {"dependencies": [{"name": "first", "version": "1.0", "vulns": [found]}]})
    with pytest.raises(Problem, match=r"first 1.0: CVE-1, mended in \['1.1'\]"):
        audit.check()


@pytest.mark.usefixtures("needed")
def test_packages_of_which_the_index_tells_nothing_are_not_checked(monkeypatch):
    known = {"name": "first", "version": "1.0", "vulns": []}
    told(monkeypatch, audit, {"dependencies": [known, {"name": "second", "skip_reason": "not found"}]})
    assert audit.check() == "the package index tells nothing of 1 of 2 packages"


@pytest.mark.usefixtures("needed")
def test_an_index_that_can_not_be_asked_checks_nothing(monkeypatch):
    monkeypatch.setattr(audit, "run", lambda *_, **__: "")
    assert audit.check() == "pip-audit could not ask the package index"


def test_a_secret_is_named_with_its_place(monkeypatch):
    key = [{"type": "AWS Access Key", "line_number": 7}]
    told(monkeypatch, secrets, {"results": {"stacks/app.py": key, "tests/test_cli_ca.py": key}})
    with pytest.raises(Problem) as refused:
        secrets.check()
    assert str(refused.value).splitlines()[1:] == [
        "stacks/app.py, line 7: AWS Access Key",
        "tests/test_cli_ca.py, line 7: AWS Access Key",
    ]


def test_a_step_that_fails_keeps_no_other_from_being_done(monkeypatch, tmp_path, capsys):
    def refused():
        raise Problem("no")

    monkeypatch.setattr(check, "CHECKS", (("one", refused), ("two", lambda: "nobody answers")))
    monkeypatch.setattr(check, "FILES", (("three", lambda folder: (folder / "new.whl").touch()),))
    (tmp_path / "old.whl").touch()
    assert list(check.problems(tmp_path)) == ["one: no"]
    assert capsys.readouterr().out.splitlines() == [
        "failed       one",
        "not checked  two: nobody answers",
        "done         three",
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["new.whl"]
