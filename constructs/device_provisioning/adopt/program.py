"""What both engines' programs have in common: files of documents, literals, lines that can be hardened."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .existing import ExistingFleet, ExistingPermission, ExistingPolicy, ExistingRole

AS_IT_IS = "as it is in the account"
BODY, TRUST = "body.json", "role-trust.json"
LONGEST_SESSION_BY_DEFAULT = 3600
"""Seconds (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html)."""


@dataclass(frozen=True)
class Slot:
    """A line of a program that a safe default may replace.

    Args:
        old: The line as it is.
        new: Makes the line of the expression of a safe default; nothing to take the line away.
    """

    old: str
    new: Callable[[str], str]


@dataclass(frozen=True)
class Program:
    """A program that describes what exists.

    Args:
        main: The file of the program.
        files: The text of every file, by name.
        slots: The lines that a safe default may replace, by what they are about.
        next_steps: How to run it, as lines of Markdown.
    """

    main: str
    files: Mapping[str, str]
    slots: Mapping[str, Slot]
    next_steps: Sequence[str]


def literal(text: str) -> str:
    r"""Python source of a text: what is in an account is data, whatever characters it is made of.

    Example:
        >>> print(literal("it's"), literal('say "x"'), literal("two" + chr(10) + "lines"))
        "it's" 'say "x"' "two\nlines"
    """
    return repr(text) if '"' in text else f'"{repr(chr(39) + text)[2:]}'


def mapping(values: Mapping[str, str]) -> str:
    """Python source of texts by name."""
    return f"{{{', '.join(f'{literal(name)}: {literal(value)}' for name, value in values.items())}}}"


def document_text(document: Mapping[str, Any]) -> str:
    """A document for people to read."""
    return f"{json.dumps(document, indent=2)}\n"


def numbered(base: str, number: int) -> str:
    """``base`` for the first, ``base2`` for the second."""
    return base if number == 0 else f"{base}{number + 1}"


def named_policies(fleet: ExistingFleet) -> list[tuple[str, ExistingPolicy]]:
    """The policies of claims and devices, each with what it is called in a program."""
    claims = [(numbered("claim_policy", i), policy) for i, policy in enumerate(fleet.claim_policies)]
    devices = [(numbered("device_policy", i), policy) for i, policy in enumerate(fleet.device_policies)]
    return [*claims, *devices]


def file_name(name: str) -> str:
    """The file of a document: names of the account are not trusted to be names of files."""
    return f"{name.replace('_', '-')}.json"


def common_files(fleet: ExistingFleet, *, to_the_letter: bool) -> dict[str, str]:
    """The body and the documents.

    Args:
        fleet: What exists.
        to_the_letter: Whether policies of AWS IoT are text to the engine, rather than documents.
    """
    inline = enumerate(fleet.role.inline_policies.values())
    return {
        BODY: fleet.body,
        TRUST: document_text(fleet.role.trust),
        **{inline_file(number): document_text(document) for number, document in inline},
        **{
            file_name(name): policy.text if to_the_letter else document_text(policy.document)
            for name, policy in named_policies(fleet)
        },
    }


def inline_file(number: int) -> str:
    """The file of a policy of the role's own."""
    return file_name(numbered("role_policy", number))


def environment_source(fleet: ExistingFleet) -> str:
    """Python source of where everything is."""
    environment = fleet.environment
    place = [environment.account, environment.region, environment.partition]
    return f"documents.Environment({', '.join(map(literal, place))})"


def arguments(indent: int, given: Sequence[str | None]) -> list[str]:
    """The lines of the arguments that are given."""
    return [f"{' ' * indent}{argument}," for argument in given if argument is not None]


def optional(name: str, value: str | None) -> str | None:
    """An argument with the literal of a text; none without a text."""
    return None if value is None else f"{name}={literal(value)}"


def role_settings(role: ExistingRole) -> list[str | None]:
    """The arguments of a role that both engines have, without those at AWS's own defaults."""
    seconds = role.max_session_seconds
    return [
        optional("description", role.description),
        f"max_session_duration={seconds}" if seconds != LONGEST_SESSION_BY_DEFAULT else None,
        optional("path", role.path if role.path != "/" else None),
        optional("permissions_boundary", role.permissions_boundary),
    ]


def sources(name: str, permission: ExistingPermission, further: Mapping[str, str] | None = None) -> Slot:
    """The line that says for whom AWS IoT may invoke a hook.

    Args:
        name: What it is called in the program.
        permission: What exists.
        further: Settings that go when the line is replaced; none by default.
    """
    given = {"source_account": permission.source_account, "source_arn": permission.source_arn}
    known = {key: value for key, value in given.items() if value is not None}
    return Slot(f"{name} = {mapping({**known, **(further or {})})}", lambda value: f"{name} = {value}")
