"""What AWS IoT accepts of the settings of a device policy."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .limits import POLICY_NAME, TEMPLATE_NAME, THING_GROUP_NAME, TextLimit
from .unresolved import is_unresolved

# Service quotas: the slashes of a topic. A device's own topics have its name and one more level below it.
MAX_SLASHES = 7
MAX_PREFIX_LEVELS = MAX_SLASHES - 1
_ELEMENTS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
_NEEDED = {"Effect": ("Effect",), "Action": ("Action", "NotAction"), "Resource": ("Resource", "NotResource")}
_EFFECTS = ("Allow", "Deny")


def require_policy_name(policy_name: Any) -> None:
    """Refuse the name of a policy that AWS IoT does not accept.

    Args:
        policy_name: The name; none and one that an engine knows later are not checked.

    Raises:
        ValueError: With what is wrong with it.
    """
    _raise(_name_problems("policy_name", policy_name, POLICY_NAME))


def require_thing_group_name(thing_group_name: Any) -> None:
    """Refuse the name of a thing group that AWS IoT does not accept.

    Args:
        thing_group_name: The name; none and one that an engine knows later are not checked.

    Raises:
        ValueError: With what is wrong with it.
    """
    _raise(_name_problems("thing_group_name", thing_group_name, THING_GROUP_NAME))


def require_template_name(template_name: Any) -> None:
    """Refuse the name of a template that AWS IoT does not accept.

    Args:
        template_name: The name; one that an engine knows later is not checked.

    Raises:
        ValueError: With what is wrong with it.
    """
    _raise(_name_problems("template_name", template_name, TEMPLATE_NAME))


def require_device_policy_settings(
    topic_prefix: Any, rotation_template_name: Any, statements: Sequence[Any]
) -> None:
    """Refuse topics that no device could use, a template that can't be there, and statements that are none.

    Args:
        topic_prefix: Where a device's own topics begin, if it has any.
        rotation_template_name: The template of a certificate rotation, if there is one.
        statements: Further statements.

    Raises:
        ValueError: With every problem.
    """
    _raise(
        [
            *_topic_problems(topic_prefix),
            *_name_problems("rotation_template_name", rotation_template_name, TEMPLATE_NAME),
            *_statement_problems(statements),
        ]
    )


def require_statements(statements: Sequence[Any]) -> None:
    """Refuse statements that are none of an AWS IoT policy.

    Args:
        statements: The statements; what an engine knows later is not checked.

    Raises:
        ValueError: With every problem.
    """
    _raise(_statement_problems(statements))


def _statement_problems(statements: Sequence[Any]) -> Iterator[str]:
    for index, statement in enumerate(statements):
        if isinstance(statement, Mapping):
            yield from _problems_of_statement(f"statements[{index}]", statement)


def _problems_of_statement(path: str, statement: Mapping[str, Any]) -> Iterator[str]:
    if unknown := sorted(set(statement) - set(_ELEMENTS)):
        yield (
            f"{path} has {', '.join(unknown)}, which no statement of an AWS IoT policy has: give"
            f" {', '.join(_ELEMENTS)} as in a policy document"
        )
    missing = [name for name, ways in _NEEDED.items() if not any(statement.get(way) for way in ways)]
    if missing and not unknown:
        first, last = missing[:-1], missing[-1]
        listed = f"{', '.join(first)} or {last}" if first else last
        yield f"{path} has no {listed}: give each, as in a policy document"
    effect = statement.get("Effect", "Allow")
    if effect and effect not in _EFFECTS and not is_unresolved(effect):
        yield f"{path}.Effect is {effect!r}: give {' or '.join(_EFFECTS)}"


def _topic_problems(prefix: Any) -> Iterator[str]:
    if not prefix or is_unresolved(prefix):
        return
    levels = prefix.split("/")
    problems = {
        "begins with '/'": not levels[0],
        "ends with '/'": not levels[-1],
        "has an empty level": not all(levels[1:-1]),
        "begins with '$', which only topics of AWS do": prefix.startswith("$")
        and not prefix.startswith("${"),
        **{f"has {wildcard!r}, which is a wildcard": wildcard in prefix for wildcard in "+#*?"},
    }
    if found := [problem for problem, is_so in problems.items() if is_so]:
        yield (
            f"topic_prefix is {prefix!r}, which {' and '.join(found)}: give the first levels of a topic, such"
            " as 'acme/plant-1'; the name of the thing is put after it"
        )
    if len(levels) > MAX_PREFIX_LEVELS:
        yield (
            f"topic_prefix is {prefix!r}, which has {len(levels)} levels: give at most {MAX_PREFIX_LEVELS},"
            f" as a topic has at most {MAX_SLASHES} slashes"
        )


def _name_problems(setting: str, name: Any, limit: TextLimit) -> Iterator[str]:
    if name is None or is_unresolved(name):
        return
    if problem := limit.problem(name):
        yield f"{setting} {name!r} {problem}: give 1 to {limit.longest} of {limit.allowed}"


def _raise(problems: Iterator[str] | Sequence[str]) -> None:
    if found := list(problems):
        raise ValueError("\n".join(found))
