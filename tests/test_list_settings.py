"""A list that is given as a string is refused: Python would take it apart into its characters."""

import inspect
from collections.abc import Sequence
from typing import NotRequired, get_args, get_origin

import pytest
from aws_cdk import App, Stack

from device_provisioning import cdk, pulumi
from documentation.engine_differences import components
from documentation.engines_table import on_cdk, on_pulumi
from tests.support.pulumi_program import ran


def takes_a_list(annotation):
    if get_origin(annotation) in (list, Sequence):
        return True
    is_optional = get_origin(annotation) is NotRequired
    choices = get_args(get_args(annotation)[0]) if is_optional else ()
    return (is_optional and takes_a_list(get_args(annotation)[0])) or any(map(takes_a_list, choices[:1]))


def lists(settings_of):
    return [
        (name, setting)
        for name in sorted(components())
        for setting, annotation in settings_of(name).items()
        if takes_a_list(annotation)
    ]


@pytest.mark.parametrize(("name", "setting"), lists(on_cdk))
def test_a_construct_refuses_a_string_for_a_list(name, setting):
    construct = getattr(cdk, name)
    parameters = inspect.signature(construct.__init__).parameters.values()
    keywords = [each for each in parameters if each.kind is each.KEYWORD_ONLY]
    required = {each.name: None for each in keywords if each.default is each.empty}
    with pytest.raises(ValueError, match=f"{setting} is 'sensors', which is a string: give a list"):
        construct(Stack(App()), "Tested", **{**required, setting: "sensors"})


@pytest.mark.parametrize(("name", "setting"), lists(on_pulumi))
def test_a_component_refuses_a_string_for_a_list(name, setting):
    with pytest.raises(ValueError, match=f"{setting} is 'sensors', which is a string: give a list"):
        ran(lambda: getattr(pulumi, name)("tested", {setting: "sensors"}))


def test_devices_that_are_added_are_a_list():
    allow_list = cdk.DeviceAllowList(Stack(App()), "Devices")
    with pytest.raises(ValueError, match="devices is 'A-1', which is a string: give a list"):
        allow_list.add_devices("A-1")


def test_every_string_is_reported_at_once():
    with pytest.raises(ValueError, match=r"thing_groups is .*\n.*payload_formats is"):
        cdk.FleetProvisioning(Stack(App()), "Tested", thing_groups="pumps", payload_formats="json")
