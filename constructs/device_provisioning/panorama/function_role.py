"""The role of the function that makes a Panorama device."""

from ..aws_iot.environment import Environment
from ..aws_iot.statements import Document, allow, log_statement, policy_document
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
    log_group_name: str,
    environment: Environment,
    encryption_key_arn: str | None = None,
) -> Document:
    """Allow the function to make, change and delete devices, and to keep the archive of one name.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awspanorama.html

    Args:
        device_name: The device.
        archive_bucket_arn: The bucket of its archive.
        log_group_name: The function's own log group.
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
            log_statement(environment, log_group_name),
        ]
    )
