"""The hooks of this library inside a CloudFormation template, found by their handler, and their settings."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..aws_iot.rules.body import Located
from ..fleet.functions import is_hook_handler
from .stack_values import StackValues

FUNCTION = "AWS::Lambda::Function"


def hook_environment(document: Mapping[str, Any], function_path: str | None) -> Mapping[str, str] | None:
    """The variables of a hook's function; a token for each value that only the deployment knows.

    Args:
        document: The CloudFormation template.
        function_path: The place of the function, as ``Hook`` has it.

    Returns:
        ``None`` if the function is not defined here or not the one of this library.
    """
    found = [variables for path, variables in _hooks(StackValues(document)) if path == function_path]
    return found[0] if found else None


def hook_environments(document: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The variables of every function of this library that decides by an allow list."""
    return [variables for _, variables in _hooks(StackValues(document))]


def hook_variables(values: StackValues, function: Located) -> Mapping[str, str] | None:
    """The variables of a function; ``None`` if it is not the hook of this library."""
    properties = values.resolve((function / "Properties").value)
    if not isinstance(properties, Mapping) or not is_hook_handler(properties.get("Handler")):
        return None
    given = Located("", properties) / "Environment" / "Variables"
    return {name: str(place.value) for name, place in given.items()}


def listed_parameters_of(variables: Mapping[str, str]) -> list[str] | None:
    """The parameters that the hook takes from the list; ``None`` if that is known on deployment only."""
    try:
        names = json.loads(variables.get("LISTED_PARAMETERS", "[]"))
    except ValueError:
        return None
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else None


def _hooks(values: StackValues) -> Iterator[tuple[str, Mapping[str, str]]]:
    for _, place in values.resources(FUNCTION):
        variables = hook_variables(values, place)
        if variables is not None:
            yield place.path, variables
