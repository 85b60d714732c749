"""Shared shapes of IAM and AWS IoT policy documents."""

from collections.abc import Mapping, Sequence
from typing import Any

from .environment import Environment

Document = dict[str, Any]
Statement = dict[str, Any]


def policy_document(statements: Sequence[Statement | None]) -> Document:
    """A policy document of the statements that are there."""
    return {"Version": "2012-10-17", "Statement": [statement for statement in statements if statement]}


def allow(
    sid: str, actions: Sequence[str], resources: Sequence[str], condition: Mapping[str, Any] | None = None
) -> Statement | None:
    """A statement that allows actions on resources; none when there is no resource to allow them on."""
    if not resources:
        return None
    statement: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": _one_or_many(actions),
        "Resource": _one_or_many(resources),
    }
    return {**statement, "Condition": dict(condition)} if condition else statement


def service_trust(service: str, environment: Environment, source_arn: str | None = None) -> Document:
    """A trust document for a service that acts for this account, and for one source only if it is given.

    The conditions keep the service from being used by another account's resources:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    condition: Document = {"StringEquals": {"aws:SourceAccount": environment.account}}
    if source_arn:
        condition["ArnLike"] = {"aws:SourceArn": source_arn}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }
    return policy_document([statement])


def encrypted_connections_only(service: str, resources: Sequence[str]) -> Document:
    """A resource policy that denies every action of a service over connections without TLS."""
    statement = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": f"{service}:*",
        "Resource": _one_or_many(resources),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return policy_document([statement])


def _one_or_many(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
