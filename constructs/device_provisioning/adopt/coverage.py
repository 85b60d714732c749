"""Whether a policy document allows no more than another one."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..aws_iot.rules.patterns import covers
from ..aws_iot.rules.statements import allowed, allows, as_list, can_match, is_readable, resources

Pair = tuple[str, str]


def is_within(document: Mapping[str, Any], safe: Mapping[str, Any]) -> bool:
    """Whether every action on every resource that a document allows is allowed by another one.

    A document that is not readable (``NotAction``, ``NotResource``) is within nothing, and one without the
    conditions of the other is not within it.

    Args:
        document: What is asked about.
        safe: A document whose only wildcards are ``*``.

    Example:
        >>> one, safe = (
        ...     {"Statement": {"Effect": "Allow", "Action": "iot:Connect", "Resource": f"client/{name}"}}
        ...     for name in ("x1", "x*")
        ... )
        >>> is_within(one, safe), is_within(safe, one)
        (True, False)
    """
    return is_readable([document]) and all(
        any(_covers(entry, statement, action, resource) for entry in allowed(safe))
        for statement in allowed(document)
        for action, resource in _pairs(statement)
    )


def publishes_to(document: Mapping[str, Any], topic: str) -> bool:
    """Whether a document allows to publish to a topic."""
    return any(
        allows(entry, "iot:Publish") and any(can_match(one, f"topic/{topic}") for one in resources(entry))
        for entry in allowed(document)
    )


def is_about(document: Mapping[str, Any], variable: str) -> bool:
    """Whether all that a document allows carries a policy variable, with no wildcard before it."""
    statements = list(allowed(document))
    return (
        is_readable([document])
        and all(variable in resource for entry in statements for _, resource in _pairs(entry))
        and not any("*" in resource.partition(variable)[0] for e in statements for _, resource in _pairs(e))
        and not any(action in ("*", "iot:*") for entry in statements for action, _ in _pairs(entry))
    )


def _pairs(statement: Mapping[str, Any]) -> Iterator[Pair]:
    for action in as_list(statement.get("Action")):
        for resource in as_list(statement.get("Resource")):
            yield str(action), str(resource)


def _covers(safe: Mapping[str, Any], statement: Mapping[str, Any], action: str, resource: str) -> bool:
    conditions = safe.get("Condition")
    return (
        (not conditions or statement.get("Condition") == conditions)
        and any(covers(str(other).lower(), action.lower()) for other in as_list(safe.get("Action")))
        and any(covers(str(other), resource) for other in as_list(safe.get("Resource")))
    )
