"""Buckets and how they are protected."""

import json
import uuid
from abc import abstractmethod
from typing import Any, ClassVar

from .resource_type import Client, Gone, Properties, ResourceType


class Bucket(ResourceType):
    """``aws.s3.Bucket``."""

    pulumi_type = "aws:s3/bucket:Bucket"
    required = frozenset()
    optional = frozenset({"bucket"})
    replacing = frozenset({"bucket"})
    computed = ("arn", "bucket")

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it."""
        name = inputs.get("bucket") or f"bucket-{uuid.uuid4().hex}"
        s3 = client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
        return name, {"arn": f"arn:aws:s3:::{name}", "bucket": name}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """See whether it is there."""
        if id_ not in [bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]]:
            raise Gone
        return {"arn": f"arn:aws:s3:::{id_}", "bucket": id_}

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it; it has to be empty, as for Pulumi's own provider."""
        client("s3").delete_bucket(Bucket=id_)


class _OfBucket(ResourceType):
    """Something that a bucket has one of; its id is the bucket's."""

    computed = ()
    replacing = frozenset({"bucket"})
    deletion: ClassVar[str]

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Put it."""
        self._put(client("s3"), inputs)
        return inputs["bucket"], {}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Trust that it is as it was put: only the bucket is looked for."""
        Bucket().read(client, id_, state)
        return {}

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Put it anew."""
        self._put(client("s3"), inputs)

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it."""
        getattr(client("s3"), self.deletion)(Bucket=id_)

    @abstractmethod
    def _put(self, s3: Any, inputs: Properties) -> None:
        """Put it on the bucket."""


class Encryption(_OfBucket):
    """``aws.s3.BucketServerSideEncryptionConfiguration``."""

    pulumi_type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    required = frozenset({"bucket", "rules"})
    deletion = "delete_bucket_encryption"

    def _put(self, s3: Any, inputs: Properties) -> None:
        names = {"sseAlgorithm": "SSEAlgorithm", "kmsMasterKeyId": "KMSMasterKeyID"}
        rules = [
            {
                "ApplyServerSideEncryptionByDefault": {
                    names[name]: value for name, value in rule["applyServerSideEncryptionByDefault"].items()
                }
            }
            for rule in inputs["rules"]
        ]
        s3.put_bucket_encryption(Bucket=inputs["bucket"], ServerSideEncryptionConfiguration={"Rules": rules})


class Lifecycle(_OfBucket):
    """``aws.s3.BucketLifecycleConfiguration``."""

    pulumi_type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    required = frozenset({"bucket", "rules"})
    deletion = "delete_bucket_lifecycle"

    def _put(self, s3: Any, inputs: Properties) -> None:
        rules = [
            {
                "ID": rule["id"],
                "Status": rule["status"],
                "Filter": {"Prefix": ""},
                "Expiration": {"Days": int(rule["expiration"]["days"])},
            }
            for rule in inputs["rules"]
        ]
        s3.put_bucket_lifecycle_configuration(
            Bucket=inputs["bucket"], LifecycleConfiguration={"Rules": rules}
        )


class PublicAccessBlock(_OfBucket):
    """``aws.s3.BucketPublicAccessBlock``."""

    pulumi_type = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    required = frozenset({"bucket"})
    optional = frozenset(
        {"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"}
    )
    deletion = "delete_public_access_block"

    def _put(self, s3: Any, inputs: Properties) -> None:
        chosen = {name[0].upper() + name[1:]: inputs.get(name, False) for name in self.optional}
        s3.put_public_access_block(Bucket=inputs["bucket"], PublicAccessBlockConfiguration=chosen)


class Policy(_OfBucket):
    """``aws.s3.BucketPolicy``."""

    pulumi_type = "aws:s3/bucketPolicy:BucketPolicy"
    required = frozenset({"bucket", "policy"})
    deletion = "delete_bucket_policy"

    def _put(self, s3: Any, inputs: Properties) -> None:
        policy = inputs["policy"]
        text = policy if isinstance(policy, str) else json.dumps(policy)
        s3.put_bucket_policy(Bucket=inputs["bucket"], Policy=text)
