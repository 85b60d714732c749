"""Names that CloudFormation is asked to fill in and can't know."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..aws_iot.rules.body import Located
from ..aws_iot.rules.statements import as_list
from .stack_values import AUTHORITY, TEMPLATE, VARIABLE, StackValues

_LOOKED_AT = (TEMPLATE, AUTHORITY, "AWS::IoT::Policy")
_PSEUDO_PARAMETERS = {
    f"AWS::{name}"
    for name in (
        "AccountId",
        "NoValue",
        "NotificationARNs",
        "Partition",
        "Region",
        "StackId",
        "StackName",
        "URLSuffix",
    )
}
_TRANSFORMS = ("AWS::LanguageExtensions", "AWS::Serverless-2016-10-31")
# Rule DP047 is about these.
_VARIABLES_OF_IOT = ("iot:", "AWS::IoT::")


def unknown_names(values: StackValues) -> Iterator[tuple[str, str, str]]:
    """The place, the function and the name wherever CloudFormation would refuse the template.

    Args:
        values: The CloudFormation template; one with macros, which may define anything, is left alone.
    """
    document = values.root.value
    if any(transform not in _TRANSFORMS for transform in as_list(document.get("Transform"))):
        return
    known = _PSEUDO_PARAMETERS | {
        str(name)
        for section in ("Resources", "Parameters")
        for name in (document.get(section) if isinstance(document.get(section), Mapping) else ())
    }
    made = tuple(name for name, _ in values.resources("AWS::Serverless::Function"))
    for _, place in values.resources(*_LOOKED_AT):
        for path, function, name in _asked(place / "Properties"):
            if name not in known and not (made and name.startswith(made)):
                yield path, function, name


def _asked(place: Located) -> Iterator[tuple[str, str, str]]:
    match place.value:
        case {"Ref": str() as name} if len(place.value) == 1:
            yield f"{place.path}/Ref", "Ref", name
        case {"Fn::GetAtt": str() | [str(), *_] as argument} if len(place.value) == 1:
            name = argument if isinstance(argument, str) else argument[0]
            yield f"{place.path}/Fn::GetAtt", "Fn::GetAtt", name.partition(".")[0]
        case {"Fn::Sub": argument} if len(place.value) == 1:
            yield from _substituted(place / "Fn::Sub", argument)
    for key, inner in [(None, entry) for entry in place.elements()] + list(place.items()):
        is_object = isinstance(inner.value, Mapping) and any(
            key in inner.value for key in ("Parameters", "Resources")
        )
        if not (key == "TemplateBody" and is_object):  # rule DP004 is about an object
            yield from _asked(inner)


def _substituted(place: Located, argument: Any) -> Iterator[tuple[str, str, str]]:
    text = argument[0] if isinstance(argument, list) and argument else argument
    own = argument[1] if isinstance(argument, list) and len(argument) > 1 else None
    for found in dict.fromkeys(VARIABLE.findall(text)) if isinstance(text, str) else ():
        name = found.strip()
        if not name.startswith(_VARIABLES_OF_IOT) and not (isinstance(own, Mapping) and name in own):
            yield place.path, "Fn::Sub", name.partition(".")[0]
