"""What is given for a setting and what is wanted, in words."""

from typing import Any, get_args, is_typeddict

import pulumi

from ..fleet.annotations import is_enum, is_list, is_mapping
from ..fleet.value_words import NAMES, SEVERAL, described, with_article
from .annotations import alternatives


def a_value(value: Any) -> str:
    """What a value is, and the value itself if it is short."""
    if isinstance(value, pulumi.Output):
        return "an Output"
    if isinstance(value, str) and value.startswith("urn:pulumi:"):
        # A component of another language arrives as its URN.
        return with_article(value.split("::")[2].rpartition(":")[2])
    return described(value, class_name(type(value)))


def wanted(annotation: Any, value: Any) -> str:
    """What is wanted in the place of a value."""
    names = " or ".join(dict.fromkeys(_a_type(each, value) for each in alternatives(annotation)))
    is_early = isinstance(value, pulumi.Output) and not _is_resource(annotation)
    return f"{names}, known before anything is deployed" if is_early else names


def _a_type(annotation: Any, value: Any) -> str:
    if is_list(annotation):
        return f"a list{_of(get_args(annotation)[0])}"
    if is_mapping(annotation):
        own = "its document, " if hasattr(value, "document") else ""
        return f"{own}an object{_of(get_args(annotation)[1])}"
    if is_typeddict(annotation):
        return f"an object with the settings of {owner(annotation)}"
    if is_enum(annotation):
        return _members(annotation)
    return _a_resource(annotation, value) if _is_resource(annotation) else NAMES[annotation]


def _a_resource(kind: type, value: Any) -> str:
    name = with_article(class_name(kind))
    parts = vars(value) if isinstance(value, pulumi.ComponentResource) else {}
    inside = [part for part, found in parts.items() if isinstance(found, kind)]
    return f"its {inside[0]}, {name}" if inside else f"{name}, made here or by {class_name(kind)}.get"


def _of(annotation: Any) -> str:
    names = [_several(each) for each in alternatives(annotation)]
    return f" of {' or '.join(names)}" if all(names) else ""


def _several(annotation: Any) -> str:
    if is_mapping(annotation) or is_typeddict(annotation):
        return "objects"
    if is_enum(annotation):
        return _members(annotation)
    return class_name(annotation) if _is_resource(annotation) else SEVERAL.get(annotation, "")


def _members(annotation: Any) -> str:
    return " or ".join(str(member.value) for member in annotation)


def _is_resource(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, pulumi.Resource)


def owner(annotation: Any) -> str:
    """What a type of settings is of."""
    return str(annotation.__name__.removesuffix("Args"))


def class_name(kind: type) -> str:
    """The name of a class as a program writes it."""
    if kind.__module__.startswith("pulumi_aws."):
        return f"aws.{kind.__module__.split('.')[1]}.{kind.__name__}"
    return kind.__name__
