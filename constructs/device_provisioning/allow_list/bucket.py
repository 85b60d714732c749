"""Staged devices on the way through a bucket, as DynamoDB's own import from S3 takes them."""

import gzip
from typing import IO

from ..aws_iot import ListedDevice
from ..console.aws_calls import AwsCalls
from ..console.interruption import Interruption
from ..console.progress import bar
from ..console.records import json_line
from ..console.scratch import scratch_file
from ..console.sources import UnreadableError
from .staging import Staging
from .table import item_of

DEVICES_AT_ONCE = 1000
DEVICES_IN_AN_OBJECT = 500_000
"""DynamoDB reads objects in parallel, up to 50,000 of them, best of no more than 4,000,000 short items each
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.BestPractices.html)."""
BYTES_IN_AN_OBJECT = 1 << 28
MOST_KEYS = 1000


class Bucket:
    """The objects of one import.

    Args:
        name: The bucket.
        import_id: Tells the objects of this import from others.

    Raises:
        UnreadableError: If boto3 is not installed, or no Region is chosen.
    """

    def __init__(self, name: str, import_id: str) -> None:
        self.name = name
        self.prefix = f"device-provisioning/{import_id}/"
        self.url = f"s3://{name}/{self.prefix}"
        self._calls = AwsCalls(self.url, "s3")

    def take(self, staging: Staging, interruption: Interruption) -> bool:
        """Upload every device that is not uploaded; whether that was not interrupted.

        An object that is uploaded again, as nobody knows that it was, is the same one.

        Raises:
            UnreadableError: If the bucket refuses.
        """
        done = staging.count(written=True)
        with bar("uploaded", done + staging.count(written=False)) as move:
            move(done, done)
            while left := staging.count(written=False):
                with scratch_file() as file:
                    last = _write_object(file, staging, interruption)
                    if interruption.asked or last is None:
                        return False
                    file.seek(0)
                    key = f"{self.prefix}{done:012}.json.gz"
                    self._calls.call("put_object", Bucket=self.name, Key=key, Body=file)
                staging.mark_written_until(last)
                done += left - staging.count(written=False)
                move(done, done)
        return True

    def clear(self) -> None:
        """Delete what was uploaded.

        Raises:
            UnreadableError: If the bucket refuses.
        """
        while found := self._keys():
            asked = {"Objects": found, "Quiet": True}
            answer = self._calls.call("delete_objects", Bucket=self.name, Delete=asked)
            if refused := answer.get("Errors"):
                code = refused[0].get("Code")
                raise UnreadableError(
                    f"{self.url}: can't be deleted: {code}: delete it, it names your devices"
                )

    def _keys(self) -> list[dict[str, str]]:
        answer = self._calls.call("list_objects_v2", Bucket=self.name, Prefix=self.prefix, MaxKeys=MOST_KEYS)
        return [{"Key": entry["Key"]} for entry in answer.get("Contents", [])]


def _write_object(file: IO[bytes], staging: Staging, interruption: Interruption) -> ListedDevice | None:
    """Write the next devices, as many as one object holds; the last of them."""
    last, devices, size = None, 0, 0
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as compressed:
        for batch in staging.unwritten(DEVICES_AT_ONCE):
            for device in batch:
                size += compressed.write(json_line({"Item": item_of(device)}))
            last, devices = batch[-1], devices + len(batch)
            if interruption.asked or devices >= DEVICES_IN_AN_OBJECT or size >= BYTES_IN_AN_OBJECT:
                break
    return last
