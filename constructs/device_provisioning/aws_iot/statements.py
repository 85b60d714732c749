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
    statement = _statement(sid, "Allow", actions, resources)
    return {**statement, "Condition": dict(condition)} if statement and condition else statement


def thing_principals(
    environment: Environment, actions: Sequence[str], thing_names: Sequence[str]
) -> Statement | None:
    """A statement about attaching certificates to things, or detaching them.

    The authorization reference has given these actions ``cert`` as resource type and ``iot:thingArn`` as
    condition key; before, it gave them neither. On every resource, and limited where AWS IoT gives the
    thing, the statement is right either way.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html

    Args:
        environment: Where the things are.
        actions: What is allowed.
        thing_names: The things, with ``*`` and ``?``; none allow nothing.
    """
    if not thing_names:
        return None
    things = _one_or_many([environment.iot_arn(f"thing/{name}") for name in thing_names])
    return allow("ThingPrincipals", actions, ["*"], {"ArnLikeIfExists": {"iot:thingArn": things}})


def deny(sid: str, actions: Sequence[str], resources: Sequence[str]) -> Statement | None:
    """A statement that denies actions on resources; none when there is no resource to deny them on."""
    return _statement(sid, "Deny", actions, resources)


def _statement(sid: str, effect: str, actions: Sequence[str], resources: Sequence[str]) -> Statement | None:
    if not resources:
        return None
    return {
        "Sid": sid,
        "Effect": effect,
        "Action": _one_or_many(actions),
        "Resource": _one_or_many(resources),
    }


def service_trust(
    service: str,
    environment: Environment,
    source_arn: str | None = None,
    *,
    account_if_exists: bool = False,
) -> Document:
    """A trust document for a service that acts for this account, and for one source only if it is given.

    The conditions keep the service from being used by another account's resources:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html

    Args:
        service: The service, such as ``iot.amazonaws.com``.
        environment: Whose account it acts for.
        source_arn: What it acts for; anything of the account by default.
        account_if_exists: Whether it is trusted too where it does not say which account it acts for; no by
            default.
    """
    operator = "StringEqualsIfExists" if account_if_exists else "StringEquals"
    condition: Document = {operator: {"aws:SourceAccount": environment.account}}
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


def log_statement(environment: Environment, log_group_name: str) -> Statement | None:
    """Allow a function to write its own log group."""
    streams = environment.log_streams_arn(log_group_name)
    return allow("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], [streams])


def _one_or_many(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
