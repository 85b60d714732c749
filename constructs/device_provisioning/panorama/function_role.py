"""What may be done for a Panorama device."""

from ..aws_iot.environment import Environment
from ..aws_iot.statements import Document, allow, policy_document
from .archive import archive_key

DEVICE_ACTIONS = [
    "panorama:DeleteDevice",
    "panorama:DescribeDevice",
    "panorama:TagResource",
    "panorama:UntagResource",
    "panorama:UpdateDeviceMetadata",
]


def panorama_device_policy(
    device_name: str,
    archive_bucket_arn: str,
    environment: Environment,
    encryption_key_arn: str | None = None,
) -> Document:
    """Allow devices to be made, changed and deleted, and the archive of one name to be kept.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awspanorama.html

    Args:
        device_name: The device.
        archive_bucket_arn: The bucket of its archive.
        environment: Where the device is registered.
        encryption_key_arn: The customer key of the bucket, if it has one.
    """
    devices = f"arn:{environment.partition}:panorama:{environment.region}:{environment.account}:device/*"
    archive = f"{archive_bucket_arn}/{archive_key(device_name)}"
    everywhere = ["panorama:ListDevices", "panorama:ProvisionDevice"]
    key_actions = ["kms:Decrypt", "kms:GenerateDataKey"]
    return policy_document(
        [
            allow("DevicesWithoutResourceLevel", everywhere, ["*"]),
            allow("Devices", DEVICE_ACTIONS, [devices]),
            allow("Archive", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], [archive]),
            allow("ArchiveKey", key_actions, [encryption_key_arn]) if encryption_key_arn else None,
        ]
    )
