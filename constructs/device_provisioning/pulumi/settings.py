"""The settings of a component as a program gives them, checked before anything is made of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import pulumi
from pulumi.errors import InputPropertyErrorDetails
from pydantic import BaseModel, ValidationError

from .setting_types import Reader
from .setting_words import a_value, owner

Args = TypeVar("Args")
Model = TypeVar("Model", bound=BaseModel)


class SettingsError(pulumi.InputPropertiesError, pulumi.RunError, ValueError):
    """Every problem of a component's settings, each with the path of its setting.

    A program that ends with it shows the problems and no traceback.

    Attributes:
        summary: Whose settings they are.
    """

    errors: list[InputPropertyErrorDetails]

    def __init__(self, component: str, problems: Mapping[str, str]) -> None:
        self.summary = f"settings of {component} are not accepted"
        lines = [f"{path} {reason}" for path, reason in problems.items()]
        details = [
            InputPropertyErrorDetails(property_path=path, reason=reason) for path, reason in problems.items()
        ]
        super().__init__("\n".join([f"{self.summary}:", *lines]), details)


def settings_of(kind: type[Args], given: Any, name: str, *, spelled: Callable[[str], str] = str) -> Args:
    """The settings of a component, by the annotations of their type; what is None is left out.

    Values that are known later are checked as soon as they are known.

    Args:
        kind: The type of the settings, a ``TypedDict``.
        given: What the program gives.
        name: The name of the component's resource.
        spelled: How the program spells the name of a setting; as Python does by default.

    Raises:
        SettingsError: With every problem.
    """

    def read(annotation: Any, value: Any, path: str) -> Any:
        reader = Reader(read, spelled)
        found = reader.read(annotation, value, path)
        if reader.problems:
            raise SettingsError(f"{owner(kind)} {name}", reader.problems)
        return found

    settings: Args = read(kind, {} if given is None else given, "")
    return settings


def models_of(kind: type[Model], values: Sequence[Any], setting: str) -> list[Model]:
    """What the objects in a list are, such as devices.

    Args:
        kind: The model of one of them.
        values: The objects.
        setting: The name of the setting that holds the list.

    Raises:
        SettingsError: With every problem of every object.
    """
    models, problems = [], dict[str, str]()
    for index, value in enumerate(values):
        try:
            models.append(kind.model_validate(value))
        except ValidationError as error:
            problems |= problems_of(error, f"{setting}[{index}]")
    if problems:
        raise SettingsError(setting, problems)
    return models


def problems_of(error: ValidationError, path: str) -> dict[str, str]:
    """What a model refuses, by the path of the setting."""
    return {
        ".".join([path, *map(str, problem["loc"])]): f"is {a_value(problem['input'])}: "
        + _lowered(problem["msg"].removeprefix("Value error, "))
        for problem in error.errors()
    }


def _lowered(text: str) -> str:
    return text[0].lower() + text[1:]
