"""What the values of a plan that are known after apply refer to, by the plan's configuration."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .plan import KNOWN_LATER

_INDEX = re.compile(r"\[[^\]]*\]")
_MAX_HOPS = 20


class References:
    """The references of a plan.

    Args:
        configuration: The plan's ``configuration``; anything else has no references.
        addresses: The addresses of the resources that can be referred to.
    """

    def __init__(self, configuration: Any, addresses: Collection[str]) -> None:
        root = configuration.get("root_module") if isinstance(configuration, Mapping) else None
        self._root = root if isinstance(root, Mapping) else {}
        self._addresses = addresses

    def value(self, address: str, attribute: str) -> dict[str, Any]:
        """What CloudFormation would write for an attribute: a reference, or that it is known later.

        Args:
            address: The address of the resource that has the attribute.
            attribute: Its name; ``block.0.name`` for one in a block.
        """
        modules, name, index = _taken_apart(address)
        module = self._module(modules)
        expressions: Any = next(
            (entry.get("expressions") for entry in _resources(module) if entry.get("address") == name), None
        )
        for key in attribute.split("."):
            expressions = _step(expressions, key)
        for found in self._resolved(_references(expressions), modules, 0):
            target, _, asked = found.rpartition(".")
            known = self._instance(target, index)
            if known:
                is_arn = asked.endswith("arn")
                return {"Fn::GetAtt": [known, "Arn"]} if is_arn else {"Ref": known}
        return KNOWN_LATER

    def _resolved(self, names: list[str], modules: tuple[str, ...], hops: int) -> Iterator[str]:
        """Full addresses of attributes, through variables and outputs of modules."""
        if hops > _MAX_HOPS:
            return
        prefix = "".join(f"module.{name}." for name in modules)
        for name in names:
            parts = name.split(".")
            if parts[0] == "var" and modules and len(parts) > 1:
                call = _mapping(
                    _mapping(self._module(modules[:-1]).get("module_calls")).get(_plain(modules[-1]))
                )
                passed = _references(_mapping(call.get("expressions")).get(parts[1]))
                yield from self._resolved(passed, modules[:-1], hops + 1)
            elif parts[0] == "module" and len(parts) > 2:
                inside = (*modules, parts[1])
                output = _mapping(_mapping(self._module(inside).get("outputs")).get(parts[2]))
                yield from self._resolved(_references(output.get("expression")), inside, hops + 1)
            elif len(parts) > 2:
                yield f"{prefix}{name}"

    def _module(self, modules: tuple[str, ...]) -> Mapping[str, Any]:
        module = self._root
        for name in modules:
            call = _mapping(_mapping(module.get("module_calls")).get(_plain(name)))
            module = _mapping(call.get("module"))
        return module

    def _instance(self, target: str, index: str) -> str | None:
        plain = _plain(target)
        fitting = [address for address in self._addresses if _plain(address) == plain]
        if target in fitting:
            return target
        return next((address for address in fitting if index and address.endswith(index)), None) or (
            fitting[0] if len(fitting) == 1 else None
        )


def _taken_apart(address: str) -> tuple[tuple[str, ...], str, str]:
    """The modules of an address, its name in the configuration, and its index."""
    parts = re.split(r"\.(?![^\[]*\])", address)
    modules = []
    while len(parts) > 2 and parts[0] == "module":
        modules.append(parts[1])
        parts = parts[2:]
    rest = ".".join(parts)
    found = re.search(r"\[[^\]]*\]$", rest)
    return tuple(modules), _plain(rest), found[0] if found else ""


def _plain(name: str) -> str:
    return _INDEX.sub("", name)


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    entries = module.get("resources")
    yield from (
        entry for entry in (entries if isinstance(entries, list) else ()) if isinstance(entry, Mapping)
    )


def _step(value: Any, key: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(key)
    is_index = isinstance(value, list) and key.isdecimal() and int(key) < len(value)
    return value[int(key)] if is_index else None


def _references(expression: Any) -> list[str]:
    given = expression.get("references") if isinstance(expression, Mapping) else None
    return [name for name in given if isinstance(name, str)] if isinstance(given, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
