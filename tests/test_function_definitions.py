"""Each function that is shipped is defined once, with a role that can do no more than it has to."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

from device_provisioning import lambdas
from device_provisioning.aws_iot.environment import Environment
from device_provisioning.fleet.caretaker_rights import ACTS_WITH
from device_provisioning.fleet.custom_resources import CUSTOM_RESOURCES
from device_provisioning.fleet.function_code import FOLDER
from device_provisioning.fleet.functions import CARETAKER, FUNCTIONS
from device_provisioning.lambdas.custom_resources import caretaker
from device_provisioning.lambdas.custom_resources.caretaker import CARE

IRELAND = Environment("111122223333", "eu-west-1")
ANYWHERE = {
    "iot:CreateKeysAndCertificate",
    "iot:DescribeEndpoint",
    "iot:DetachThingPrincipal",
    "iot:ListAttachedPolicies",
    "iot:ListPrincipalThings",
    "iot:ListThingPrincipals",
    "panorama:ListDevices",
    "panorama:ProvisionDevice",
}
"""What has no resource-level control, or has not always had it."""
LONGEST_SECONDS = 900
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html"""


def short(function):
    return function.handler.removeprefix("device_provisioning.lambdas.")


def statements(function):
    """The statements of a role, over resources that are named after what they are for."""
    known = {"log_group_name": "log", "environment": IRELAND, "thing_name_prefix": "pump-"}
    names = inspect.signature(function.policy).parameters
    return function.policy(**{name: known.get(name, f"arn:aws:any:::{name}") for name in names})["Statement"]


def actions(statement):
    return {statement["Action"]} if isinstance(statement["Action"], str) else set(statement["Action"])


def test_every_custom_resource_is_looked_after_within_the_time_that_cloudformation_waits():
    assert CARE.keys() == {each.resource_type for each in CUSTOM_RESOURCES}
    for each in CUSTOM_RESOURCES:
        seconds = CARE[each.resource_type].most_seconds
        assert seconds <= CARETAKER.timeout_seconds
        assert CARETAKER.max_event_age_seconds + seconds <= each.service_timeout_seconds


def test_the_caretaker_and_its_constructs_mean_the_same_property():
    assert caretaker.ACTS_WITH == ACTS_WITH


@pytest.mark.parametrize("each", CUSTOM_RESOURCES, ids=lambda each: each.resource_type)
def test_what_is_done_for_a_custom_resource_has_no_wildcard_without_need(each):
    for statement in statements(each):
        assert not any("*" in action for action in actions(statement))
        assert (statement["Resource"] == "*") == bool(actions(statement) & ANYWHERE)


def test_every_handler_is_of_one_definition():
    folder = Path(lambdas.__file__).parent
    files = [file for file in folder.rglob("*.py") if re.search(r"^def handler\(", file.read_text(), re.M)]
    modules = [".".join(file.relative_to(FOLDER).with_suffix("").parts) for file in files]
    assert sorted(f"{module}.handler" for module in modules) == sorted(each.handler for each in FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS, ids=short)
def test_a_function_is_shipped_with_what_it_is_started_by(function):
    module, _, name = function.handler.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))
    assert f"{module.replace('.', '/')}.py" in function.files
    assert all((FOLDER / file).is_file() for file in function.files)


@pytest.mark.parametrize("function", FUNCTIONS, ids=short)
def test_an_event_that_is_begun_late_still_ends_in_time(function):
    assert 0 < function.timeout_seconds <= LONGEST_SECONDS
    if function.max_event_age_seconds:
        assert function.max_event_age_seconds + function.timeout_seconds <= 1200


@pytest.mark.parametrize("function", FUNCTIONS, ids=short)
def test_a_role_may_write_its_own_log_and_has_no_wildcard_without_need(function):
    (logs,) = [statement for statement in statements(function) if statement["Sid"] == "Logs"]
    assert logs["Resource"] == "arn:aws:logs:eu-west-1:111122223333:log-group:log:*"
    for statement in statements(function):
        assert not any("*" in action for action in actions(statement))
        assert (statement["Resource"] == "*") == bool(actions(statement) & ANYWHERE)
