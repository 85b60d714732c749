"""Findings of cdk-nag and checkov that are meant, each with its reason."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from aws_cdk import CfnResource, Stack, Validations
from constructs import IConstruct

from ..aws_iot.rules.statements import as_list
from ..aws_iot.statements import Document
from ..fleet.wildcards import WILDCARD_REASONS

NIST = ("NIST.800.53.R4", "NIST.800.53.R5")


class Finding(Enum):
    """What linters find: the check of checkov, the rule of cdk-nag's NIST packs, and that of AwsSolutions."""

    BUCKET_WITHOUT_ACCESS_LOG = ("CKV_AWS_18", "S3BucketLoggingEnabled", "S1")
    BUCKET_WITHOUT_CUSTOMER_KEY = (None, "S3DefaultEncryptionKMS", None)
    BUCKET_WITHOUT_LOCK = (None, "S3BucketDefaultLockEnabled", None)
    BUCKET_WITHOUT_REPLICATION = (None, "S3BucketReplicationEnabled", None)
    BUCKET_WITHOUT_VERSIONS = ("CKV_AWS_21", "S3BucketVersioningEnabled", None)
    FUNCTION_OUTSIDE_VPC = ("CKV_AWS_117", "LambdaInsideVPC", None)
    FUNCTION_WITHOUT_CONCURRENCY_LIMIT = ("CKV_AWS_115", "LambdaConcurrency", None)
    FUNCTION_WITHOUT_CUSTOMER_KEY = ("CKV_AWS_173", None, None)
    FUNCTION_WITHOUT_DEAD_LETTER_QUEUE = ("CKV_AWS_116", "LambdaDLQ", None)
    INLINE_POLICY = (None, "IAMNoInlinePolicy", None)
    LOG_GROUP_WITHOUT_CUSTOMER_KEY = ("CKV_AWS_158", "CloudWatchLogGroupEncrypted", None)
    QUEUE_WITHOUT_CUSTOMER_KEY = ("CKV_AWS_27", None, None)
    QUEUE_WITHOUT_DEAD_LETTER_QUEUE = (None, None, "SQS3")
    SECRET_WITHOUT_CUSTOMER_KEY = ("CKV_AWS_149", "SecretsManagerUsingKMSKey", None)
    SECRET_WITHOUT_ROTATION = (None, "SecretsManagerRotationEnabled", "SMG4")
    TABLE_OUTSIDE_BACKUP_PLAN = (None, "DynamoDBInBackupPlan", None)
    TABLE_WITHOUT_CUSTOMER_KEY = ("CKV_AWS_119", None, None)

    def __init__(self, check: str | None, nist: str | None, aws_solutions: str | None) -> None:
        self.check = check
        self.rules = [
            *([f"{pack}::{pack}-{nist}" for pack in NIST] if nist else []),
            *([f"AwsSolutions::AwsSolutions-{aws_solutions}"] if aws_solutions else []),
        ]


Reasons = Mapping[Finding, str]

_TOKEN = re.compile(r"\$\{Token\[[^\]]+\]\}")
_REFERENCES: WeakKeyDictionary[IConstruct, dict[str, str]] = WeakKeyDictionary()
"""What tokens of a stack stand for: account and Region are in every ARN."""


def acknowledge(construct: IConstruct, reasons: Reasons) -> None:
    """Say why findings on one resource are meant, where cdk-nag and where checkov look for it."""
    acknowledge_rules(construct, rules_of(reasons))
    resource = construct if isinstance(construct, CfnResource) else construct.node.default_child
    assert isinstance(resource, CfnResource)  # noqa: S101  # what every L2 here is made of
    skip_checks(resource, reasons)


def acknowledge_rules(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    """Say why findings of cdk-nag on a resource, or on all resources of a construct, are meant.

    That is what ``Validations.acknowledge`` writes, in one call: its own has a stack trace taken for each.

    Args:
        scope: The resource, or the construct.
        reasons: The reasons, by rule.
    """
    if reasons:
        scope.node.add_metadata(_acknowledged_rules(), dict(reasons))


def skip_checks(resource: CfnResource, reasons: Reasons) -> None:
    """Say why findings of checkov on a resource are meant."""
    if skipped := [{"id": f.check, "comment": reason} for f, reason in reasons.items() if f.check]:
        resource.add_metadata("checkov", {"skip": skipped})


def rules_of(reasons: Reasons) -> dict[str, str]:
    """The reasons by cdk-nag's rules."""
    return {rule: reason for finding, reason in reasons.items() for rule in finding.rules}


def wildcard_rules(policy: Document, stack: Stack) -> dict[str, str]:
    """Why each wildcard of a policy document is there, by cdk-nag's rules."""
    return {
        f"AwsSolutions::AwsSolutions-IAM5[Resource::{_as_cdk_nag_writes(resource, stack)}]": WILDCARD_REASONS[
            statement["Sid"]
        ]
        for statement in policy["Statement"]
        for resource in as_list(statement["Resource"])
        if "*" in resource
    }


@cache
def _acknowledged_rules() -> str:
    return Validations.ACKNOWLEDGED_RULES_METADATA_KEY


def _as_cdk_nag_writes(resource: str, stack: Stack) -> str:
    """A text with its references in angle brackets."""
    known = _REFERENCES.setdefault(stack, {})
    for token in _TOKEN.findall(resource):
        if token not in known:
            known[token] = "".join(_flattened(stack.resolve(token)))
    return _TOKEN.sub(lambda found: known[found.group()], resource)


def _flattened(value: Any) -> Iterator[str]:
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
