"""A bucket for files that are nobody else's, and not for long."""

import pulumi
import pulumi_aws as aws

from ..aws_iot.statements import encrypted_connections_only
from .documents import document_json


class PrivateBucket:
    """Define a bucket that is encrypted, not public, reached over TLS only, and whose files expire.

    Args:
        name: The beginning of the names of its resources.
        parent: The component that it is a part of.
        expiration_days: When its files are deleted.
        encryption_key: A customer key; S3's own by default.
        sse_algorithm: How it is encrypted without a customer key.
        retained: Whether it stays, with all that protects it, when it is not defined any more.

    Attributes:
        bucket: The bucket.
        protections: What has to be in place before anything is put into it.
    """

    def __init__(
        self,
        name: str,
        parent: pulumi.Resource,
        *,
        expiration_days: int,
        encryption_key: aws.kms.Key | None = None,
        sse_algorithm: str = "AES256",
        retained: bool = False,
    ) -> None:
        options = pulumi.ResourceOptions(parent=parent, retain_on_delete=retained)
        self.bucket = aws.s3.Bucket(name, opts=options)
        encryption = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms" if encryption_key else sse_algorithm,
            kms_master_key_id=encryption_key.arn if encryption_key else None,
        )
        expiry = aws.s3.BucketLifecycleConfigurationRuleArgs(
            id="expire",
            status="Enabled",
            expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=expiration_days),
        )
        self.protections: list[pulumi.Resource] = [
            aws.s3.BucketServerSideEncryptionConfiguration(
                f"{name}-encryption",
                bucket=self.bucket.bucket,
                rules=[
                    aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                        apply_server_side_encryption_by_default=encryption
                    )
                ],
                opts=options,
            ),
            aws.s3.BucketPublicAccessBlock(
                f"{name}-public-access-block",
                bucket=self.bucket.bucket,
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
                opts=options,
            ),
            aws.s3.BucketLifecycleConfiguration(
                f"{name}-lifecycle", bucket=self.bucket.bucket, rules=[expiry], opts=options
            ),
            aws.s3.BucketPolicy(
                f"{name}-policy",
                bucket=self.bucket.bucket,
                policy=document_json(
                    encrypted_connections_only,
                    service="s3",
                    resources=[self.bucket.arn, pulumi.Output.concat(self.bucket.arn, "/*")],
                ),
                opts=options,
            ),
        ]
