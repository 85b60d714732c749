"""CloudFormation templates as text: JSON, and YAML with short-form functions."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from ..aws_iot.json_pointer import escaped
from ..console.sources import UnreadableError

_MAX_DEPTH = 100
_MAX_NODES = 500_000
_TOO_DEEP = f"is nested deeper than {_MAX_DEPTH} levels, and no template is: give a flatter one"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


# libyaml's loader reads the same and is ten times as fast; a platform may lack it.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """Plain values, ``!Ref`` and ``!GetAtt`` in long form, and dates as the text that they are."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _long_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any = None
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _long_form)


def parse_yaml(text: str) -> Any:
    """Read YAML as CloudFormation does.

    Raises:
        UnreadableError: If it is not valid YAML, or its aliases expand to more than any template holds.

    Example:
        >>> parse_yaml("Role: !GetAtt Role.Arn")
        {'Role': {'Fn::GetAtt': ['Role', 'Arn']}}
    """
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise UnreadableError(f"is neither JSON nor YAML: {' '.join(str(error).split())}") from None
    except (RecursionError, ValueError) as error:
        raise UnreadableError(f"cannot be read as YAML: {error}") from None


def require_reasonable(document: Any) -> None:
    """Refuse what is deeper or larger than any template.

    Raises:
        UnreadableError: If there are more than 100 levels or 500,000 values.
    """
    level, count = [document], 1
    for _ in range(_MAX_DEPTH):
        level = [inner for value in level for inner in _inner(value)]
        count += len(level)
        if not level:
            return
        if count > _MAX_NODES:
            raise UnreadableError(f"holds more than {_MAX_NODES} values")
    raise UnreadableError(_TOO_DEEP)


def require_flat(document: Any) -> None:
    """Refuse what is deeper than any template or plan, however large it is.

    Raises:
        UnreadableError: If there are more than 100 levels.
    """
    level = [document]
    for _ in range(_MAX_DEPTH):
        level = [inner for value in level for inner in _inner(value) if isinstance(inner, dict | list)]
        if not level:
            return
    raise UnreadableError(_TOO_DEEP)


def _inner(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def repeated_yaml_keys(text: str) -> list[str]:
    r"""The JSON pointers of keys that stand more than once in a mapping of a YAML text that is well-formed.

    Example:
        >>> repeated_yaml_keys("a: 1\\nb: [{c: 2, c: 3}]")
        ['/b/0/c']
    """
    root = yaml.compose(text, Loader=_Loader)
    return list(dict.fromkeys(_repeated(root, "", set())))


def _repeated(node: yaml.Node | None, path: str, seen: set[int]) -> Iterator[str]:
    # What an alias stands for is read once.
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            place = f"{path}/{escaped(name)}"
            if name in keys and name != "<<":
                yield place
            keys.add(name)
            yield from _repeated(value, place, seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _repeated(value, f"{path}/{index}", seen)
