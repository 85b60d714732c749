"""The archives with which Panorama devices are set up, in a bucket and nowhere else."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from .cloudformation import Failed, Reason

# API_ProvisionDevice: the certificate in the archive is valid for five minutes.
VALID = timedelta(minutes=5)
DEVICE_ID = "device-id"
_MISSING = {"403", "404", "NoSuchKey"}


class Archives:
    """The archives in one bucket.

    Args:
        s3: A client.
        bucket_name: The bucket.
    """

    def __init__(self, s3: Any, bucket_name: str) -> None:
        self._s3 = s3
        self._bucket_name = bucket_name

    def location(self, device_name: str) -> str:
        """Where the archive of a device is, as an S3 URI."""
        return f"s3://{self._bucket_name}/{key_of(device_name)}"

    def store(self, device_name: str, device_id: str, answer: Mapping[str, Any]) -> None:
        """Keep what ProvisionDevice answered.

        Raises:
            Failed: If it answered no archive.
        """
        try:
            content = base64.b64decode(answer["Certificates"], validate=True)
        except (KeyError, TypeError, binascii.Error):
            raise Failed(Reason.NO_ARCHIVE) from None
        self._s3.put_object(
            Bucket=self._bucket_name,
            Key=key_of(device_name),
            Body=content,
            ContentType="application/zip",
            Metadata={DEVICE_ID: device_id},
        )

    def holds(self, device_name: str, device_id: str) -> bool:
        """Whether the archive of exactly this device is there."""
        try:
            found = self._s3.head_object(Bucket=self._bucket_name, Key=key_of(device_name))
        except ClientError as error:
            # Who may not list a bucket is told 403 of what is not there.
            if error.response["Error"]["Code"] in _MISSING:
                return False
            raise
        return bool(found["Metadata"].get(DEVICE_ID) == device_id)

    def delete(self, device_name: str, device_id: str) -> None:
        """Delete the archive of a device; the one of another device of the same name stays."""
        if self.holds(device_name, device_id):
            self._s3.delete_object(Bucket=self._bucket_name, Key=key_of(device_name))


def key_of(device_name: str) -> str:
    """The name of an archive, as AWS Panorama's own documentation gives it."""
    return f"certificates-omni_{device_name}.zip"


def expires_at(device: Mapping[str, Any]) -> str:
    """Until when the archive of a device can set it up, in UTC."""
    return (_time(device["CreatedTime"]) + VALID).strftime("%Y-%m-%dT%H:%M:%SZ")


def age_seconds(device: Mapping[str, Any]) -> float:
    """How long ago a device was made."""
    return (datetime.now(UTC) - _time(device["CreatedTime"])).total_seconds()


def _time(value: Any) -> datetime:
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromisoformat(str(value))
