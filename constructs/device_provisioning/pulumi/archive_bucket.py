"""The bucket that the archives of Panorama devices are in."""

import json

import pulumi
import pulumi_aws as aws

from ..panorama.archive import EXPIRATION_DAYS


class ArchiveBucket:
    """Define a bucket that is encrypted, not public, reached over TLS only, and empty after a day.

    Args:
        name: The beginning of the names of its resources.
        parent: The component that it is a part of.
        encryption_key: A customer key; AWS's own by default.

    Attributes:
        bucket: The bucket.
        protections: What has to be in place before anything is put into it.
    """

    def __init__(self, name: str, parent: pulumi.Resource, encryption_key: aws.kms.Key | None) -> None:
        options = pulumi.ResourceOptions(parent=parent)
        self.bucket = aws.s3.Bucket(name, opts=options)
        encryption = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms", kms_master_key_id=encryption_key.arn if encryption_key else None
        )
        expiry = aws.s3.BucketLifecycleConfigurationRuleArgs(
            id="expire",
            status="Enabled",
            expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=EXPIRATION_DAYS),
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
                policy=self.bucket.arn.apply(_tls_only),
                opts=options,
            ),
        ]


def _tls_only(bucket_arn: str) -> str:
    statement = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": [bucket_arn, f"{bucket_arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
