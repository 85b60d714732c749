"""The shell in which pages are gone through: what fails in it, fails the test."""

import os

import pytest

from tests.support.documented_pages import Page
from tests.support.documented_shell import Shell, Step, outputs_of, shown_in, steps_of


@pytest.fixture
def shell(tmp_path):
    return Shell(tmp_path, os.environ)


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.support.documented_pages.ROOT", tmp_path)

    def write(text):
        (tmp_path / "page.md").write_text(text)
        return Page(tmp_path / "page.md")

    return write


def test_a_variable_and_a_folder_are_there_for_the_next_step(shell):
    shell.go_through(
        [Step("page:1", "mkdir there && cd there"), Step("page:1", "NAME=value"), Step("page:2", "pwd")]
    )
    assert shell.written(2).strip() == str(shell.folder / "there")


@pytest.mark.parametrize(
    "typed", [["false"], ["true", "false"], ["false", "true"], ["true", "exit 0", "true"]]
)
def test_a_step_that_ends_otherwise_is_reported(shell, typed):
    with pytest.raises(AssertionError, match=r"page:1: \w+"):
        shell.go_through([Step("page:1", each) for each in typed])


def test_a_step_that_is_said_to_fail_has_to_fail(shell):
    shell.go_through([Step("page:1", "false", 1)])
    with pytest.raises(AssertionError, match="page:2: true ended with 0"):
        Shell(shell.folder, os.environ).go_through([Step("page:2", "true", 1)])


def test_a_page_is_saved_and_typed_in_its_order_but_for_what_installs(page):
    read = page(
        "```sh\npip install thing\necho first  # exit status 3\n```\n\n"
        '```json title="a.json"\n{}\n```\n\n```text title="output"\nfirst\n```\n'
    )
    echoed, saved = steps_of(read)
    assert (echoed.typed, echoed.status) == ("echo first  # exit status 3", 3)
    assert "a.json" in saved.typed
    ((block, steps_before),) = outputs_of(read)
    assert (block.text, steps_before) == ("first\n", 2)


def test_an_output_that_was_not_written_is_seen():
    assert shown_in("b\nc\n", "a\nb  \nc\n")
    assert not shown_in("b\nd\n", "a\nb\nc\n")
