"""The archive of a Panorama device, fetched once."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..console.activity import at_work
from ..console.aws_calls import AwsCalls
from ..console.deployed import outputs_of_stack
from ..console.new_files import make_folder
from ..console.output_files import SECRET, OutputFile
from ..console.sources import UnreadableError
from ..panorama import PanoramaArchive

if TYPE_CHECKING:
    from rich.progress import Progress


def archive_of(stack_name: str, device_name: str | None) -> PanoramaArchive:
    """The archive that is among the outputs of a stack.

    Args:
        stack_name: The stack, or a file of its outputs.
        device_name: The device, when the stack has several.

    Raises:
        UnreadableError: If the stack can't be read, or it is not clear which device is meant.
    """
    archives = outputs_of_stack(stack_name, PanoramaArchive)
    chosen = [archive for archive in archives if device_name in {None, archive.device_name}]
    if len(chosen) != 1:
        names = ", ".join(sorted(archive.device_name for archive in archives))
        raise UnreadableError(f"{stack_name} has the devices {names}: give one of them as --device")
    return chosen[0]


def fetch(archive: PanoramaArchive, folder: Path) -> Path:
    """Write the archive for its owner only, and delete it where it was.

    Raises:
        UnreadableError: If it is of no use any more, was fetched already, or can't be read or written.
    """
    bucket, key = archive.bucket_and_key
    calls = AwsCalls(f"the archive of {archive.device_name}", "s3")
    if archive.seconds_left() <= 0:
        calls.call("delete_object", Bucket=bucket, Key=key)
        raise UnreadableError(
            f"the archive of {archive.device_name} expired at {archive.expires_at} and is deleted: give"
            " the device another name and deploy it to get a new one"
        )
    content = calls.content("get_object", Bucket=bucket, Key=key)
    if content is None:
        raise UnreadableError(
            f"the archive of {archive.device_name} is not in {bucket} any more: it is fetched once and"
            " gone after a day; give the device another name and deploy it to get a new one"
        )
    path = folder / Path(key).name
    make_folder(folder)
    with OutputFile(path, SECRET) as file:
        file.write(content)
    calls.call("delete_object", Bucket=bucket, Key=key)
    return path


def count_down(archive: PanoramaArchive) -> None:
    """Show how long the archive can still set the device up, until that is over."""
    from rich.progress import BarColumn, Progress, TextColumn

    total = max(archive.seconds_left(), 0)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]} left"))
    with Progress(*columns, transient=True) as progress, at_work(lambda: _expiring(archive, progress)):
        task = progress.add_task("The archive expires", total=total, left="")
        while (left := archive.seconds_left()) > 0:
            progress.update(task, completed=total - left, left=_minutes(left))
            time.sleep(min(left, 0.5))


def _expiring(archive: PanoramaArchive, progress: "Progress") -> str:
    """What a bar shows on a terminal, for those who see none."""
    is_shown = progress.console.is_terminal
    return "" if is_shown else f"the archive expires: {_minutes(max(archive.seconds_left(), 0))} left"


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
