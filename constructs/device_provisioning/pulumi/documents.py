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


def known_throughout(make: Callable[[Any], Any], value: Any) -> Any:
    """What a function of the core makes of a value, Outputs inside of it included; at once if there are none.

    Args:
        make: A function of the core.
        value: Its argument, known or not.
    """
    return pulumi.Output.from_input(value).apply(make) if _holds_output(value) else make(value)


def _holds_output(value: Any) -> bool:
    match value:
        case Mapping():
            return any(map(_holds_output, value.values()))
        case list() | tuple():
            return any(map(_holds_output, value))
        case _:
            return isinstance(value, pulumi.Output)


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


def as_far_as_known(value: pulumi.Output[Any]) -> pulumi.Output[Any]:
    """A value, or ``None`` while it is not known.

    A preview can't know that something is left out: what waited for it would change in each preview.
    """
    return value.apply(
        lambda known: None if pulumi.contains_unknowns(known) else known, run_with_unknowns=True
    )
