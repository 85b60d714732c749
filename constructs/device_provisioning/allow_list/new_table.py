"""Handing staged devices to DynamoDB's own import from S3, which makes a new table of them."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..aws_iot.listed_device import PARTITION_KEY
from ..console.aws_calls import AwsCalls
from ..console.interruption import Interruption
from ..console.progress import bar
from ..console.sources import UnreadableError
from ..console.text import printable
from ..records.record import FORGET_AT
from .bucket import Bucket
from .staging import Staging

SECONDS_BETWEEN = 5.0
_RUNNING = frozenset({"IN_PROGRESS", "CANCELLING"})


class NewTable:
    """A table that DynamoDB makes of staged devices.

    It is as the table of a ``DeviceAllowList`` is: on demand, encrypted, with point-in-time recovery.

    Args:
        name: Its name.
        encryption_key: The ARN of a customer key; AWS's own by default.

    Raises:
        UnreadableError: If boto3 is not installed, or no Region is chosen.
    """

    def __init__(self, name: str, encryption_key: str | None = None) -> None:
        self._name = name
        self._encryption_key = encryption_key
        self._calls = AwsCalls(name, "dynamodb")

    def require_new(self) -> None:
        """Make sure that there is no such table.

        Raises:
            UnreadableError: If there is.
        """
        if self._calls.found("describe_table", TableName=self._name):
            raise UnreadableError(
                f"{self._name}: already exists, and DynamoDB imports from S3 into new tables only: give"
                " another name, or leave out --via s3-import"
            )

    def fill(self, staging: Staging, bucket: Bucket) -> bool:
        """Upload what is not uploaded yet, let DynamoDB import it and wait; whether it was not interrupted.

        Raises:
            UnreadableError: If AWS refuses, or the import fails.
        """
        described = None
        with Interruption() as interruption, suppress(KeyboardInterrupt):
            if bucket.take(staging, interruption):
                described = self._wait(staging, self._start(staging, bucket), interruption)
        if described is None:
            _report(
                "interrupted: DynamoDB continues its import; follow it again with --resume"
                if staging.import_arn
                else "interrupted: continue the upload with --resume"
            )
            return False
        self._require_complete(described, staging, bucket)
        self._calls.call(
            "update_continuous_backups",
            TableName=self._name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
        self._calls.call(
            "update_time_to_live",
            TableName=self._name,
            TimeToLiveSpecification={"AttributeName": FORGET_AT, "Enabled": True},
        )
        _report(f"{described['ImportedItemCount']:,} devices are in the new table {self._name}")
        bucket.clear()
        return True

    def _start(self, staging: Staging, bucket: Bucket) -> str:
        """The import that is under way, or a new one; starting it twice does no harm."""
        if staging.import_arn is None:
            answer = self._calls.call(
                "import_table",
                ClientToken=staging.client_token,
                S3BucketSource={"S3Bucket": bucket.name, "S3KeyPrefix": bucket.prefix},
                InputFormat="DYNAMODB_JSON",
                InputCompressionType="GZIP",
                TableCreationParameters=self._definition(),
            )
            staging.import_arn = str(answer["ImportTableDescription"]["ImportArn"])
        return str(staging.import_arn)

    def _definition(self) -> Mapping[str, Any]:
        key = {"KMSMasterKeyId": self._encryption_key} if self._encryption_key else {}
        return {
            "TableName": self._name,
            "AttributeDefinitions": [{"AttributeName": PARTITION_KEY, "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": PARTITION_KEY, "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
            "SSESpecification": {"Enabled": True, "SSEType": "KMS", **key},
        }

    def _wait(self, staging: Staging, arn: str, interruption: Interruption) -> Mapping[str, Any] | None:
        """What became of the import; ``None`` after Ctrl-C."""
        with bar("imported", staging.count(written=True)) as move:
            while (described := self._described(arn))["ImportStatus"] in _RUNNING:
                move(described.get("ImportedItemCount", 0), described.get("ImportedItemCount", 0))
                if interruption.slept(SECONDS_BETWEEN):
                    return None
        return described

    def _described(self, arn: str) -> Mapping[str, Any]:
        described: Mapping[str, Any] = self._calls.call("describe_import", ImportArn=arn)[
            "ImportTableDescription"
        ]
        return described

    def _require_complete(self, described: Mapping[str, Any], staging: Staging, bucket: Bucket) -> None:
        devices, imported = staging.count(written=True), described.get("ImportedItemCount", 0)
        if described["ImportStatus"] == "COMPLETED" and imported == devices:
            return
        staging.begin_another_import()
        reasons = [described[name] for name in ("FailureCode", "FailureMessage") if described.get(name)]
        raise UnreadableError(
            ": ".join([f"{self._name}: DynamoDB's import ended as {described['ImportStatus']}", *reasons])
            + f": {imported:,} of {devices:,} devices of {bucket.url} are imported: look into the log group"
            f" /aws-dynamodb/imports, and delete the table {self._name} if it is there"
        )


def _report(text: str) -> None:
    sys.stderr.write(f"{printable(text)}\n")
