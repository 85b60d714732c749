"""Findings of cdk-nag that are meant, each with its reason."""

from collections.abc import Iterator
from typing import Any

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import Construct

from ..aws_iot.statements import Document
from ..aws_iot.wildcards import WILDCARD_REASONS


def acknowledge_wildcards(scope: Construct, policy: Document) -> None:
    """Say why each wildcard of a policy document is there."""
    stack = Stack.of(scope)
    for statement in policy["Statement"]:
        for resource in _listed(stack.resolve(statement["Resource"])):
            text = "".join(_flattened(resource))
            if "*" in text:
                acknowledge(scope, f"AwsSolutions-IAM5[Resource::{text}]", WILDCARD_REASONS[statement["Sid"]])


def acknowledge(scope: Construct, rule: str, reason: str) -> None:
    """Say why a finding of the AWS Solutions rules is meant."""
    Validations.of(scope).acknowledge(Acknowledgment(id=f"AwsSolutions::{rule}", reason=reason))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _flattened(value: Any) -> Iterator[str]:
    """The pieces of a resolved text as cdk-nag writes them: references in angle brackets."""
    match value:
        case str():
            yield value
        case {"Fn::Join": [_, [*parts]]}:
            for part in parts:
                yield from _flattened(part)
        case {"Ref": name}:
            yield f"<{name}>"
        case {"Fn::GetAtt": [*path]}:
            yield f"<{'.'.join(path)}>"
