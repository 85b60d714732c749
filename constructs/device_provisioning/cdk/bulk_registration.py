"""Devices that are registered in bulk, from a file."""

from collections.abc import Mapping
from functools import cached_property, reduce
from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..aws_iot import BulkTemplate, check
from ..aws_iot.bulk_role import (
    FILE_EXPIRATION_DAYS,
    ROLE_DESCRIPTION,
    bulk_role_policy,
    bulk_role_trust,
    bulk_start_policy,
)
from .acknowledgements import Finding, acknowledge
from .findings import report
from .places import environment_of
from .service_role import ServiceRole, arn_of, view_of
from .setting_types import checked

BUCKET_REASONS = {
    Finding.BUCKET_WITHOUT_ACCESS_LOG: "the files live 30 days, and CloudTrail can show who read them",
    Finding.BUCKET_WITHOUT_CUSTOMER_KEY: "S3 encrypts with a key of its own; bring a bucket for yours",
    Finding.BUCKET_WITHOUT_LOCK: "the files are to go after 30 days",
    Finding.BUCKET_WITHOUT_REPLICATION: "the files are uploaded from where they are kept",
    Finding.BUCKET_WITHOUT_VERSIONS: "versions would outlive the 30 days; each task has its own file",
}


class BulkRegistration(Construct):
    """Define what registering devices in bulk needs: a bucket for their parameters, and a role.

    A bulk body is not deployed: ``device-provisioning bulk start`` gives it to AWS IoT together with a file.
    The role may read the bucket and touch what the body shows. It can be assumed by AWS IoT for this account,
    and also where AWS IoT names no account: whether it does so for registration tasks is not documented.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        body: The body, which is checked by the rules here and now.
        bucket: Your own bucket; by default one is created, encrypted, without public access, over TLS only,
            whose files go after 30 days, when AWS IoT deletes what it knows of a task
            (https://docs.aws.amazon.com/general/latest/gr/iot-core.html).
        role: The role that AWS IoT assumes; created by default.
        silenced_rules: Codes of rules that don't apply to this body, each with the reason.

    Raises:
        ValueError: With every error of the body.

    Example::

        body = BulkTemplate.from_json(Path("body.json").read_text())
        BulkRegistration(self, "Registration", body=body)
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        body: BulkTemplate,
        bucket: s3.IBucket | None = None,
        role: iam.IRole | None = None,
        silenced_rules: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        report(self, check(body.document, body.template_type, silenced=silenced_rules))
        self.body = body
        self.bucket = bucket or self._create_bucket()
        self._role = role or self._create_role()

    @cached_property
    def role(self) -> iam.IRole:
        """The role that AWS IoT assumes."""
        return view_of(self._role)

    def grant_start(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody upload a file, start a task with this role, follow it and read its reports."""
        policy = bulk_start_policy(
            arn_of(self._role), self.bucket.arn_for_objects("*"), self._encryption_key_arn()
        )
        grants = [_granted(grantee, statement) for statement in policy["Statement"]]
        return reduce(lambda one, other: one.combine(other), grants)

    def _create_bucket(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(FILE_EXPIRATION_DAYS))],
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        if bucket.policy:
            # A bucket that stays is reached over TLS only, too.
            bucket.policy.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        acknowledge(bucket, BUCKET_REASONS)
        return bucket

    def _create_role(self) -> ServiceRole:
        return ServiceRole(
            self,
            "Role",
            trust=bulk_role_trust(environment_of(self)),
            policy=bulk_role_policy(
                self.body.document,
                environment_of(self),
                self.bucket.arn_for_objects("*"),
                self._encryption_key_arn(),
            ),
            description=ROLE_DESCRIPTION,
        )

    def _encryption_key_arn(self) -> str | None:
        key = self.bucket.encryption_key
        return key.key_arn if key else None


def _granted(grantee: iam.IGrantable, document: Mapping[str, Any]) -> iam.Grant:
    statement = iam.PolicyStatement.from_json(document)
    return iam.Grant.add_to_principal(
        grantee=grantee,
        actions=statement.actions,
        resource_arns=statement.resources,
        conditions=document.get("Condition"),
    )
