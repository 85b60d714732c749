"""A list written as it is usually written: row by row through ``boto3``'s ``batch_writer``."""

import csv
import sys
from pathlib import Path

import boto3

file, table_name = sys.argv[1:]
table = boto3.resource("dynamodb").Table(table_name)
with Path(file).open(newline="") as rows, table.batch_writer() as batch:
    for row in csv.DictReader(rows):
        batch.put_item(
            Item={
                "serial_number": row["serial_number"],
                "expires_at": int(row["expires_at"]),
                "parameter_overrides": {"Site": row["parameter_overrides.Site"]},
            }
        )
