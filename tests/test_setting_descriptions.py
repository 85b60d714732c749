"""A setting has one description and one default: the table, both engines and what they do say the same."""

import ast
import inspect
from enum import Enum
from pathlib import Path

import griffe
import pytest

from device_provisioning import cdk, pulumi
from device_provisioning.fleet.settings import SETTINGS
from documentation.engine_differences import components
from documentation.reference import found

CASES = [(name, setting) for name, settings in SETTINGS.items() for setting in settings]
LATER = ("log_retention", "credential_duration", "removal_policy")
"""Of CDK's own types: the sentences say what they are by default."""


def in_one_line(text):
    return " ".join(text.split())


def of_constructs(name):
    """The descriptions of a construct's settings, or of a model's fields."""
    sections = griffe.parse_google(found(f"device_provisioning.cdk.{name}").docstring, warnings=False)
    (parameters,) = (section.value for section in sections if section.kind.value == "parameters")
    described = {each.name: in_one_line(each.description) for each in parameters}
    return {setting: text for setting, text in described.items() if setting not in {"scope", "construct_id"}}


def of_components(name):
    """The descriptions of a component's settings."""
    members = found(f"device_provisioning.pulumi.{name}Args").members
    return {each: in_one_line(member.docstring.value) for each, member in members.items() if member.docstring}


def test_every_setting_is_in_the_table():
    models = {name.removesuffix("Args") for name in pulumi.__all__ if name.endswith("Args")}
    assert set(SETTINGS) == {*components(), *models}


@pytest.mark.parametrize("name", SETTINGS)
def test_aws_cdk_describes_its_settings_as_the_table_does(name):
    assert of_constructs(name) == {k: each.cdk for k, each in SETTINGS[name].items() if each.cdk}


@pytest.mark.parametrize("name", SETTINGS)
def test_pulumi_describes_its_settings_as_the_table_does(name):
    assert of_components(name) == {k: each.pulumi for k, each in SETTINGS[name].items() if each.pulumi}


def plain(value):
    """A default as the table has it: nothing is left out, and words are text."""
    if value is inspect.Parameter.empty or value in (None, ()):
        return None
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return value.value if isinstance(value, Enum) else value


@pytest.mark.parametrize("name", components())
def test_aws_cdk_has_the_defaults_of_the_table(name):
    parameters = inspect.signature(getattr(cdk, name).__init__).parameters.values()
    defaults = {p.name: plain(p.default) for p in parameters if p.kind is p.KEYWORD_ONLY}
    expected = {k: each.default for k, each in SETTINGS[name].items() if each.cdk and k not in LATER}
    assert {k: default for k, default in defaults.items() if k not in LATER} == expected


def defaults_on_pulumi():
    """Each setting that is read with a plain default: its file, its name, the default."""
    for file in sorted(Path(pulumi.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="get"),
                    args=[ast.Constant(value=str(setting)), ast.Constant(value=default)],
                ) if setting.islower() and default is not None:
                    yield file.stem, setting, default


@pytest.mark.parametrize(("file", "setting", "default"), list(defaults_on_pulumi()))
def test_pulumi_has_the_defaults_of_the_table(file, setting, default):
    known = {each[setting].default for each in SETTINGS.values() if setting in each}
    assert (None if default == "" else default) in known
