"""A device of AWS Panorama."""

from collections.abc import Mapping

from aws_cdk import Annotations, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..fleet.custom_resources import PANORAMA_DEVICE
from ..panorama import END_OF_SUPPORT_WARNING, NetworkPayload, PanoramaDeviceRequest
from ..panorama.archive import EXPIRATION_DAYS
from ..panorama.choices import require_bucket_to_encrypt
from ..panorama.device import require_room_for_marker
from ..panorama.endpoint import require_endpoint
from .acknowledgements import Finding, acknowledge
from .caretaker import take_care
from .places import environment_of
from .setting_types import checked

BUCKET_REASONS = {
    Finding.BUCKET_WITHOUT_ACCESS_LOG: "an archive is of no use after five minutes and gone after a day",
    Finding.BUCKET_WITHOUT_LOCK: "an archive is to go after a day",
    Finding.BUCKET_WITHOUT_REPLICATION: "an archive is of no use after five minutes: no copy is wanted",
    Finding.BUCKET_WITHOUT_VERSIONS: "a version of an archive would outlive it",
}


class PanoramaDevice(Construct):
    """Define a device of AWS Panorama, which CloudFormation has no resource type for.

    AWS ended the support of Panorama on 2026-05-31, and synthesis warns of it: the construct is for endpoints
    that still answer, for records and for the way to ``GreengrassCoreDevices``.

    A function calls ProvisionDevice. The configuration archive that it answers goes encrypted into a bucket
    and nowhere else; it can set the device up for five minutes, and is deleted after a day. The output
    ``Archive`` says where it is and until when it is of use; ``device-provisioning panorama archive`` fetches
    it. Description and tags are changed in place; another name or network is another device.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        name: 1 to 255 letters, digits, ``_`` and ``-``.
        description: Up to 255 characters in one line; none by default.
        networking_configuration: Its network; the device's own default by default.
        tags: Up to 49 tags: AWS accepts 50, and one says what made the device, so that a request that is
            delivered twice makes one device; none by default.
        endpoint_url: Where the API is; AWS's own endpoint of the Region by default. Encrypted, unless it is
            on the machine itself.
        archive_bucket: A bucket of yours for the archive; by default one is created: encrypted, not public,
            deleted with the stack, and with it every archive after a day.
        encryption_key: A customer key of the created bucket; AWS's own by default.

    Attributes:
        request: What ProvisionDevice is asked for.
        resource: The custom resource.
        device_id: The id of the device.
        device_arn: The ARN of the device.
        archive_location: Where the archive is, as an S3 URI.
        archive_expires_at: Until when it is of use.

    Raises:
        ValueError: With every problem of the request, or if settings contradict each other.

    Example::

        PanoramaDevice(self, "Camera", name="line-4", endpoint_url="https://panorama.example.com")
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        description: str | None = None,
        networking_configuration: NetworkPayload | None = None,
        tags: Mapping[str, str] | None = None,
        endpoint_url: str | None = None,
        archive_bucket: s3.IBucket | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.request = PanoramaDeviceRequest(
            name=name,
            description=description,
            networking_configuration=networking_configuration,
            tags=tags or {},
        )
        require_room_for_marker(self.request)
        require_endpoint(endpoint_url or "https://default")
        require_bucket_to_encrypt(archive_bucket, encryption_key)
        Annotations.of(self).add_warning_v2(
            "device-provisioning:panorama-end-of-support", END_OF_SUPPORT_WARNING
        )
        self.archive_bucket = archive_bucket or _bucket(self, encryption_key)
        key = self.archive_bucket.encryption_key
        self.resource = take_care(
            self,
            "Resource",
            PANORAMA_DEVICE,
            rights={
                "device_name": self.request.name,
                "archive_bucket_arn": self.archive_bucket.bucket_arn,
                "environment": environment_of(self),
                "encryption_key_arn": key.key_arn if key else None,
            },
            properties={
                "Device": Stack.of(self).to_json_string(self.request.document()),
                "ArchiveBucketName": self.archive_bucket.bucket_name,
                **({"EndpointUrl": endpoint_url} if endpoint_url else {}),
            },
        )
        self.device_id = self.resource.get_att("DeviceId").to_string()
        self.device_arn = self.resource.get_att("DeviceArn").to_string()
        self.archive_location = self.resource.get_att("ArchiveLocation").to_string()
        self.archive_expires_at = self.resource.get_att("ArchiveExpiresAt").to_string()
        self._output_archive()

    def _output_archive(self) -> None:
        values = {
            "device_name": self.request.name,
            "location": self.archive_location,
            "expires_at": self.archive_expires_at,
            "status": self.resource.get_att("Status").to_string(),
            "advice": self.resource.get_att("Advice").to_string(),
        }
        CfnOutput(
            self,
            "Archive",
            value=Stack.of(self).to_json_string(values),
            description="Where the archive is, for device-provisioning panorama archive; holds no secret",
        )


def _bucket(scope: Construct, encryption_key: kms.IKey | None) -> s3.Bucket:
    bucket = s3.Bucket(
        scope,
        "ArchiveBucket",
        encryption=s3.BucketEncryption.KMS if encryption_key else s3.BucketEncryption.KMS_MANAGED,
        encryption_key=encryption_key,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        lifecycle_rules=[
            s3.LifecycleRule(
                expiration=Duration.days(EXPIRATION_DAYS),
                abort_incomplete_multipart_upload_after=Duration.days(EXPIRATION_DAYS),
            )
        ],
        removal_policy=RemovalPolicy.DESTROY,
    )
    acknowledge(bucket, BUCKET_REASONS)
    return bucket
