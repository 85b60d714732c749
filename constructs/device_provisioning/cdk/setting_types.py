"""Settings of constructs, checked by their annotations before anything is made of them."""

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from inspect import signature
from types import NoneType
from typing import Any, ParamSpec, TypeVar, get_args

from aws_cdk import IResolvable
from aws_cdk.aws_cloudwatch import IAlarmAction
from typing_extensions import get_protocol_members, is_protocol

from ..aws_iot.unresolved import is_unresolved
from ..fleet.annotations import is_enum, is_list, is_mapping, is_union
from ..fleet.value_words import NAMES, SEVERAL, described, with_article

P = ParamSpec("P")
R = TypeVar("R")
NOT_SETTINGS = {"self", "scope", "construct_id"}
EXAMPLES: dict[Any, str] = {IAlarmAction: "such as aws_cloudwatch_actions.SnsAction(topic)"}


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Refuse arguments of other types than their annotations name, all of them at once.

    AWS CDK finds them only where it uses them, in words of JavaScript, or not at all.

    Args:
        function: What takes settings, such as the ``__init__`` of a construct.

    Example::

        @checked
        def __init__(self, scope: Construct, construct_id: str, *, tags: Mapping[str, str]) -> None: ...
    """
    parameters = signature(function)
    annotations = {
        name: parameter.annotation
        for name, parameter in parameters.parameters.items()
        if name not in NOT_SETTINGS
    }

    @wraps(function)
    def checking(*args: P.args, **settings: P.kwargs) -> R:
        given = {**parameters.bind_partial(*args).arguments, **settings}
        problems = [
            problem
            for name, annotation in annotations.items()
            if name in given
            for problem in _problems(annotation, given[name], name)
        ]
        if problems:
            raise ValueError("\n".join(problems))
        return function(*args, **settings)

    return checking


def _problems(annotation: Any, value: Any, path: str) -> Iterator[str]:
    choices = get_args(annotation) if is_union(annotation) else (annotation,)
    if any(not list(_problems_of(choice, value, path)) for choice in choices):
        return
    kinds = [choice for choice in choices if choice is not NoneType]
    if len(kinds) == 1:
        yield from _problems_of(kinds[0], value, path)
    else:
        yield _refusal(value, path, " or ".join(map(_wanted, kinds)))


def _problems_of(kind: Any, value: Any, path: str) -> Iterator[str]:
    if is_list(kind) and _is_list(value):
        (each,) = get_args(kind)
        for index, inner in enumerate(value):
            yield from _problems(each, inner, f"{path}[{index}]")
    elif is_mapping(kind) and isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _problems(get_args(kind)[1], inner, f"{path}.{key}")
    elif not _fits(kind, value):
        yield _refusal(value, path, _wanted(kind))


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset)


def _fits(kind: Any, value: Any) -> bool:
    if kind is Any or (kind in (bool, int) and _is_token(value)):
        return True
    if is_list(kind) or is_mapping(kind):
        return False
    if is_enum(kind):
        return isinstance(value, kind) or (isinstance(value, str) and value in [each.value for each in kind])
    if kind is int and isinstance(value, bool):
        return False
    if is_protocol(kind):
        return _implements(value, kind)
    return isinstance(value, kind)


def _is_token(value: Any) -> bool:
    is_number = isinstance(value, float) and is_unresolved(value)
    return is_number or _implements(value, IResolvable)


def _implements(value: Any, interface: type) -> bool:
    # What jsii returns as an interface is of no class, or of one that passes everything on to several.
    kinds = [type(each) for each in getattr(value, "_delegates", [value])]
    return all(any(hasattr(kind, member) for kind in kinds) for member in get_protocol_members(interface))


def _refusal(value: Any, path: str, wanted: str) -> str:
    return f"{path} is {described(value, _class_name(type(value)))}: give {wanted}"


def _wanted(kind: Any) -> str:
    if is_list(kind):
        several = _several(get_args(kind)[0])
        return f"a list of {several}" if several else "a list"
    if is_mapping(kind):
        several = _several(get_args(kind)[1])
        return f"an object of {several}" if several else "an object"
    if is_enum(kind):
        return _members(kind)
    if kind in NAMES:
        return NAMES[kind]
    name = with_article(_class_name(kind))
    example = EXAMPLES.get(kind) or _import(kind)
    return f"{name}, {example}" if example else name


def _several(kind: Any) -> str:
    kinds = get_args(kind) if is_union(kind) else (kind,)
    if any(is_mapping(each) for each in kinds):
        return "objects"
    if is_enum(kind):
        return _members(kind)
    return SEVERAL.get(kind) or ("" if kind is Any else _class_name(kind))


def _members(kind: Any) -> str:
    ours = [str(member.value) for member in kind if kind.__module__.partition(".")[0] != "aws_cdk"]
    return " or ".join(ours) or f"a member of {_class_name(kind)}"


def _import(kind: type) -> str:
    """How a program names what is defined elsewhere: ``IRole`` by ``Role.from_role_arn``."""
    concrete = getattr(sys.modules[kind.__module__], kind.__name__.removeprefix("I"), None)
    ways = [name for name in dir(concrete) if name.startswith("from_") and name.endswith("_arn")]
    return f"defined here or by {_class_name(concrete)}.{ways[0]}" if is_protocol(kind) and ways else ""


def _class_name(kind: Any) -> str:
    package, _, module = kind.__module__.partition(".")
    name = str(kind.__name__).removesuffix("Base")
    return f"{module}.{name}" if package == "aws_cdk" and module else name
