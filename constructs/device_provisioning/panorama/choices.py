"""Settings that contradict each other, the same on every engine."""

from typing import Any


def require_bucket_to_encrypt(archive_bucket: Any, encryption_key: Any) -> None:
    """Make sure that a key is for a bucket that is created.

    Raises:
        ValueError: If it is not.
    """
    if archive_bucket and encryption_key:
        raise ValueError(
            "encryption_key is for the bucket that is created, but archive_bucket is given: set it on your"
            " bucket or leave archive_bucket out"
        )
