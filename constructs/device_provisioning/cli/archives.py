"""The archive of a Panorama device, fetched once."""

import time
from pathlib import Path

from ..panorama import PanoramaArchive
from .deployed import DeployedError, client, outputs_of_stack, told, write_private

GONE = {"404", "NoSuchKey"}


def archive_of(stack_name: str, device_name: str | None) -> PanoramaArchive:
    """The archive that a stack tells of.

    Args:
        stack_name: The stack, or a file of its outputs.
        device_name: The device, when the stack has several.

    Raises:
        DeployedError: If the stack can't be read, or it is not clear which device is meant.
    """
    archives = outputs_of_stack(stack_name, PanoramaArchive)
    chosen = [archive for archive in archives if device_name in {None, archive.device_name}]
    if len(chosen) != 1:
        names = ", ".join(sorted(archive.device_name for archive in archives))
        raise DeployedError(f"{stack_name} has the devices {names}: give one of them as --device")
    return chosen[0]


def fetch(archive: PanoramaArchive, folder: Path) -> Path:
    """Write the archive for its owner only, and delete it where it was.

    Raises:
        DeployedError: If it is of no use any more, was fetched already, or can't be read or written.
    """
    bucket, key = archive.bucket_and_key
    s3 = client("s3")
    if archive.seconds_left() <= 0:
        with told():
            s3.delete_object(Bucket=bucket, Key=key)
        raise DeployedError(
            f"the archive of {archive.device_name} expired at {archive.expires_at} and is deleted: give"
            " the device another name and deploy it to get a new one"
        )
    try:
        with told():
            content: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except DeployedError as error:
        if any(code in str(error) for code in GONE):
            raise DeployedError(
                f"the archive of {archive.device_name} is not in {bucket} any more: it is fetched once and"
                " gone after a day; give the device another name and deploy it to get a new one"
            ) from None
        raise
    path = folder / Path(key).name
    write_private(path, content)
    with told():
        s3.delete_object(Bucket=bucket, Key=key)
    return path


def count_down(archive: PanoramaArchive) -> None:
    """Show how long the archive can still set the device up, until that is over."""
    from rich.progress import BarColumn, Progress, TextColumn

    total = max(archive.seconds_left(), 0)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]} left"))
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task("The archive expires", total=total, left="")
        while (left := archive.seconds_left()) > 0:
            shown = f"{int(left) // 60}:{int(left) % 60:02}"
            progress.update(task, completed=total - left, left=shown)
            time.sleep(min(left, 0.5))
