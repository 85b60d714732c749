"""Names that may be used once only: AWS refuses the second resource in the midst of a deployment."""

from typing import Any
from weakref import WeakKeyDictionary

import pulumi

_USED: WeakKeyDictionary[pulumi.Resource, dict[tuple[Any, ...], str]] = WeakKeyDictionary()


def require_name_once(component: pulumi.Resource, name: str, setting: str, given: Any) -> None:
    """Refuse a name that something of the same kind has in the same program, by the same provider.

    Args:
        component: What has the name.
        name: The name of its resource.
        setting: The setting that gives it.
        given: The name; one that is known later is not compared.

    Raises:
        ValueError: If another component of the program has it.
    """
    root = pulumi.runtime.settings.get_root_resource()
    if root is None or not isinstance(given, str):
        return
    provider = component.get_provider("aws:iot/policy:Policy")
    first = _USED.setdefault(root, {}).setdefault((setting, given, provider), name)
    if first != name:
        raise ValueError(
            f"{setting} is {given!r}, which {first} has already: give each a name of its own, or none and one"
            " is generated"
        )
