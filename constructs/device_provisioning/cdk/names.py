"""Names that may be used once only: AWS refuses the second resource in the midst of a deployment."""

from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import IConstruct

from ..aws_iot.unresolved import is_unresolved

_USED: WeakKeyDictionary[IConstruct, dict[tuple[str, ...], str]] = WeakKeyDictionary()


def require_name_once(scope: IConstruct, setting: str, name: str | None) -> None:
    """Refuse a name that something of the same kind has in the same account and Region.

    What is not known before deployment is compared inside a stack only.

    Args:
        scope: What has the name.
        setting: The setting that gives it.
        name: The name, if one is given.

    Raises:
        ValueError: If another construct of the app has it.
    """
    if name is None or is_unresolved(name):
        return
    stack = Stack.of(scope)
    place = (stack.account, stack.region)
    if any(map(is_unresolved, place)):
        place = (stack.node.path, "")
    path = scope.node.path
    first = _USED.setdefault(scope.node.root, {}).setdefault((setting, name, *place), path)
    if first != path:
        raise ValueError(
            f"{setting} is {name!r}, which {first} has already: give each a name of its own, or none and one"
            " is generated"
        )
