"""Documents of the core, made as soon as everything in them is known."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from ..aws_iot.statements import Document


def document_json(make: Callable[..., Document], **inputs: Any) -> pulumi.Output[str]:
    """A document as JSON text.

    Args:
        make: A function of the core.
        **inputs: Its arguments, known or not.
    """
    return pulumi.Output.all(**inputs).apply(lambda known: json.dumps(make(**known)))


def now_or_later(make: Callable[..., Any], **inputs: Any) -> Any:
    """What a function of the core makes: at once if no argument is an Output, so that errors show at once.

    Outputs inside lists and objects stay where they are: the core leaves them alone.

    Args:
        make: A function of the core.
        **inputs: Its arguments, known or not.
    """
    if any(isinstance(value, pulumi.Output) for value in inputs.values()):
        # What is made may hold further Outputs: they are waited for as well.
        return pulumi.Output.all(**inputs).apply(lambda known: pulumi.Output.from_input(make(**known)))
    return make(**inputs)


def given(**settings: Any) -> dict[str, Any]:
    """The settings that are not left out."""
    return {name: value for name, value in settings.items() if value is not None}


def canonical(value: Any) -> Any:
    """A JSON value whose text is always the same.

    What comes from another language has its keys in no order, and whole numbers as floats.
    """
    match value:
        case Mapping():
            return {key: canonical(value[key]) for key in sorted(value)}
        case list() | tuple():
            return [canonical(inner) for inner in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
