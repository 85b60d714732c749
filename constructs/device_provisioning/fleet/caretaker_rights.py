"""Statements about several custom resources in one policy."""

import json
from collections.abc import Iterable
from typing import Any

from ..aws_iot.statements import Document, Statement, policy_document

ACTS_WITH = "ActsWithRoleArn"
"""The property of a custom resource that says with which role the caretaker acts for it."""


def rights_description(resource_types: Iterable[str]) -> str:
    """What the role with which the caretaker acts is for.

    Args:
        resource_types: The types of the custom resources.

    Example:
        >>> rights_description(["Custom::ListedDevices", "Custom::ClaimCertificate"])
        'The caretaker looks after ClaimCertificate, ListedDevices with this role'
    """
    names = sorted({name.removeprefix("Custom::") for name in resource_types})
    return f"The caretaker looks after {', '.join(names)} with this role"


def merged(statements: Iterable[Statement]) -> Document:
    """A policy document in which statements are one that differ in their resources only.

    Args:
        statements: The statements, the same ones more than once if need be.

    Example:
        >>> a, b = ({"Sid": "A", "Effect": "Allow", "Action": "a:B", "Resource": name} for name in "ab")
        >>> merged([a, b, a])["Statement"]
        [{'Sid': 'A', 'Effect': 'Allow', 'Action': 'a:B', 'Resource': ['a', 'b']}]
    """
    kinds: dict[str, tuple[Statement, list[Any]]] = {}
    for statement in statements:
        kind = json.dumps({**statement, "Resource": None}, sort_keys=True)
        resources = kinds.setdefault(kind, (statement, []))[1]
        given = statement["Resource"]
        resources += [one for one in (given if isinstance(given, list) else [given]) if one not in resources]
    return policy_document(
        [
            {**statement, "Resource": resources if len(resources) > 1 else resources[0]}
            for statement, resources in kinds.values()
        ]
    )
