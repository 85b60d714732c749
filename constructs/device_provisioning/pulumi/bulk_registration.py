"""Devices that are registered in bulk, from a file."""

from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ..aws_iot import TemplateType, check
from ..aws_iot.bulk_role import (
    FILE_EXPIRATION_DAYS,
    ROLE_DESCRIPTION,
    bulk_role_policy,
    bulk_role_trust,
    bulk_start_policy,
)
from ..aws_iot.unresolved import unresolved_paths
from .documents import canonical, document_json
from .environment import environment_of
from .findings import report
from .private_bucket import PrivateBucket
from .service_role import service_role
from .settings import settings_of


class BulkRegistrationArgs(TypedDict):
    """Settings of bulk registration."""

    body: pulumi.Input[dict[str, Any]]
    """The body as a JSON document, such as ``document`` of a ``BulkTemplate``, which is checked by the rules
    as soon as it is known."""
    bucket: NotRequired[aws.s3.Bucket]
    """Your own bucket; by default one is created, encrypted, without public access, over TLS only, whose
    files go after 30 days, when AWS IoT deletes what it knows of a task
    (https://docs.aws.amazon.com/general/latest/gr/iot-core.html)."""
    encryption_key: NotRequired[aws.kms.Key]
    """The customer key of the bucket: the one that yours has, or the one that the created one gets; S3's own
    by default."""
    role: NotRequired[aws.iam.Role]
    """The role that AWS IoT assumes; created by default."""
    silenced_rules: NotRequired[dict[str, str]]
    """Codes of rules that don't apply to this body, each with the reason."""


class BulkRegistration(pulumi.ComponentResource):
    """Define what registering devices in bulk needs: a bucket for their parameters, and a role.

    A bulk body is not deployed: ``device-provisioning bulk start`` gives it to AWS IoT together with a file.
    The role may read the bucket and touch what the body shows. It can be assumed by AWS IoT for this account,
    and also where AWS IoT names no account: whether it does so for registration tasks is not documented. The
    created bucket stays, with all that protects it, when the component is not defined any more.

    Args:
        name: The name of the resource.
        args: The settings.
        opts: Options of the resource.

    Attributes:
        body: The body, checked.
        bucket: The bucket that files are uploaded to.
        role: The role that AWS IoT registers devices with.

    Raises:
        ValueError: If the body is not a document, or with every error of it.

    Example::

        body = BulkTemplate.from_json(Path("body.json").read_text())
        BulkRegistration("registration", {"body": body.document})
    """

    bucket_name: pulumi.Output[str]
    """The name of the bucket."""
    role_arn: pulumi.Output[str]
    """The ARN of the role that AWS IoT assumes."""
    start_policy: pulumi.Output[str]
    """A policy document as JSON, for a role or user of yours: it lets them upload a file, start a task with
    this role, follow it and read its reports."""

    def __init__(
        self, name: str, args: BulkRegistrationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args = settings_of(BulkRegistrationArgs, args, name)
        super().__init__("device-provisioning:index:BulkRegistration", name, {}, opts)
        self.body = self._checked(args)
        self.bucket = args.get("bucket") or self._create_bucket(name, args)
        key = args.get("encryption_key")
        files = {
            "files_arn": pulumi.Output.concat(self.bucket.arn, "/*"),
            "encryption_key_arn": key.arn if key else None,
        }
        self.role = args.get("role") or self._create_role(name, files)
        self.bucket_name, self.role_arn = self.bucket.bucket, self.role.arn
        self.start_policy = document_json(bulk_start_policy, role_arn=self.role_arn, **files)
        self.register_outputs(
            {
                "bucketName": self.bucket_name,
                "roleArn": self.role_arn,
                "startPolicy": self.start_policy,
            }
        )

    def _checked(self, args: BulkRegistrationArgs) -> pulumi.Output[dict[str, Any]]:
        body, silenced = args["body"], args.get("silenced_rules")

        def checked(known: Any) -> dict[str, Any]:
            document: dict[str, Any] = canonical(known)
            report(self, check(document, TemplateType.BULK, silenced=silenced))
            return document

        if isinstance(body, pulumi.Output):
            return body.apply(checked)
        document, has_unknown = checked(body), any(unresolved_paths(body))
        return pulumi.Output.from_input(document).apply(checked if has_unknown else lambda known: known)

    def _create_bucket(self, name: str, args: BulkRegistrationArgs) -> aws.s3.Bucket:
        made = PrivateBucket(
            f"{name}-bucket",
            self,
            expiration_days=FILE_EXPIRATION_DAYS,
            encryption_key=args.get("encryption_key"),
            retained=True,
        )
        return made.bucket

    def _create_role(self, name: str, files: dict[str, Any]) -> aws.iam.Role:
        environment = environment_of(self)
        role, _ = service_role(
            f"{name}-role",
            parent=self,
            trust=document_json(bulk_role_trust, environment=environment),
            policy=document_json(bulk_role_policy, body=self.body, environment=environment, **files),
            description=ROLE_DESCRIPTION,
        )
        return role
