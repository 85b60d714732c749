"""Findings of cdk-nag and checkov that are meant, each with its reason."""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any

from aws_cdk import CfnResource, Stack, Validations
from constructs import Construct, IConstruct

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


def acknowledge(construct: IConstruct, reasons: Reasons) -> None:
    """Say why findings on one resource are meant, where cdk-nag and where checkov look for it."""
    _acknowledge(construct, {rule: reason for finding, reason in reasons.items() for rule in finding.rules})
    if skipped := [{"id": f.check, "comment": reason} for f, reason in reasons.items() if f.check]:
        resource = construct if isinstance(construct, CfnResource) else construct.node.default_child
        assert isinstance(resource, CfnResource)  # noqa: S101  # what every L2 here is made of
        resource.add_metadata("checkov", {"skip": skipped})


def acknowledge_wildcards(scope: Construct, policy: Document, reasons: Reasons | None = None) -> None:
    """Say why each wildcard of a policy document is there, and why other findings on its role are meant."""
    statements = policy["Statement"]
    resolved = Stack.of(scope).resolve([statement["Resource"] for statement in statements])
    rules = {rule: reason for finding, reason in (reasons or {}).items() for rule in finding.rules}
    for statement, resources in zip(statements, resolved, strict=True):
        for resource in _listed(resources):
            text = "".join(_flattened(resource))
            if "*" in text:
                rule = f"AwsSolutions::AwsSolutions-IAM5[Resource::{text}]"
                rules[rule] = WILDCARD_REASONS[statement["Sid"]]
    _acknowledge(scope, rules)


def _acknowledge(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    """What ``Validations.acknowledge`` writes, in one call: its own has a stack trace taken for each rule."""
    if reasons:
        scope.node.add_metadata(_acknowledged_rules(), dict(reasons))


@cache
def _acknowledged_rules() -> str:
    return Validations.ACKNOWLEDGED_RULES_METADATA_KEY


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
