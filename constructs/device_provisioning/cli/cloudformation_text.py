"""CloudFormation templates as text: JSON, and YAML with short-form functions."""

from collections.abc import Mapping
from typing import Any

import yaml

from .sources import UnreadableError

_MAX_DEPTH = 100
_MAX_NODES = 500_000
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
        UnreadableError: If it is no YAML, or would be larger than any template when its aliases are expanded.

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
    raise UnreadableError(f"is nested deeper than {_MAX_DEPTH} levels")


def _inner(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()
