"""The help of the command."""

import re

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from device_provisioning.cli import app


def commands(command=None, path=()):
    command = command or get_command(app)
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, (*path, name))


COMMANDS = dict(commands())
GROUPS = [path for path, command in COMMANDS.items() if hasattr(command, "commands")]


def help_of(*path, asking="--help"):
    result = CliRunner().invoke(app, [*path, asking], env={"COLUMNS": "80"})
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_shows_the_same_help_for_h(path):
    assert help_of(*path, asking="-h") == help_of(*path)


@pytest.mark.parametrize("path", GROUPS, ids=" ".join)
def test_a_list_of_commands_has_each_in_a_whole_sentence(path):
    listed = help_of(*path).partition("Commands:\n")[2].splitlines()
    assert len(listed) > 0
    assert [line for line in listed if not re.fullmatch(r"  [a-z-]+ +[A-Z].*\.", line) or "..." in line] == []


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_flag_takes_no_value_and_an_option_says_which(path):
    options = [parameter for parameter in COMMANDS[path].params if parameter.opts[0].startswith("-")]
    shown = help_of(*path).partition("\n  Example")[0]
    for option in options:
        names = " / ".join(option.opts[:1] + option.secondary_opts)
        (after,) = re.findall(rf"^  {names}(?: (\S+))?(?:  |$)", shown, re.MULTILINE)
        if option.is_flag:
            assert after == "", option.opts
        else:
            assert re.fullmatch(r"[A-Z_]+(=[A-Z]+|:[A-Z]+)?|<[a-z0-9|-]+>", after), option.opts


def valued(command):
    return [each for each in command.params if not getattr(each, "is_flag", False)]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [(path, each) for path, command in COMMANDS.items() if path not in GROUPS for each in valued(command)],
    ids=lambda value: value.name if hasattr(value, "name") else " ".join(value),
)
def test_an_option_or_an_argument_that_is_empty_is_refused(path, parameter, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = [""] if parameter.param_type_name == "argument" else [parameter.opts[0], ""]
    others = [each for each in COMMANDS[path].params if each.param_type_name == "argument"]
    leading = ["A"] * others.index(parameter) if parameter in others else []
    result = CliRunner().invoke(app, [*path, *leading, *before])
    assert result.exit_code == 2
    assert "it is empty: give a value" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_paragraphs_are_wrapped_at_the_width_of_the_terminal():
    assert "  Every row is checked before the first is written. Exit status: 0 when every\n" in help_of(
        "devices", "import"
    )
