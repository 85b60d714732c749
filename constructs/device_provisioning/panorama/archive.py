"""Where the archive of a device is, and until when it can set the device up."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

# A lifecycle rule of S3 counts in days; the certificate in the archive is dead after five minutes.
EXPIRATION_DAYS = 1


def archive_key(device_name: str) -> str:
    """The name of an archive, as AWS's own documentation gives it.

    Example:
        >>> archive_key("line-4")
        'certificates-omni_line-4.zip'
    """
    return f"certificates-omni_{device_name}.zip"


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("is a time without a zone")
    return time


def _checked_time(text: str) -> str:
    _time(text)
    return text


class PanoramaArchive(BaseModel):
    """The output of a deployed device about its archive; it holds no secret.

    Args:
        device_name: The device.
        location: The archive as an S3 URI.
        expires_at: Until when the archive can set the device up, in UTC.
        status: The device's status when it was deployed.
        advice: What to do about it.

    Raises:
        pydantic.ValidationError: If it is no such output.

    Example:
        >>> PanoramaArchive(
        ...     device_name="line-4", location="s3://bucket/key.zip", expires_at="2026-01-01T00:05:00Z",
        ...     status="SUCCEEDED", advice="",
        ... ).bucket_and_key
        ('bucket', 'key.zip')
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    device_name: str
    location: str
    expires_at: Annotated[str, AfterValidator(_checked_time)]
    status: str
    advice: str

    @property
    def bucket_and_key(self) -> tuple[str, str]:
        """The two parts of the location."""
        bucket, _, key = self.location.removeprefix("s3://").partition("/")
        return bucket, key

    def seconds_left(self, now: datetime | None = None) -> float:
        """How long the archive can still set the device up; negative when that is over."""
        return (_time(self.expires_at) - (now or datetime.now(UTC))).total_seconds()
