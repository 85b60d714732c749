"""A table of an allow list on the emulator."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from workshop.emulator import Emulator

from .hook_request import serial_number


@contextmanager
def allow_list_table(name: str) -> Iterator[Any]:
    """An emulator with an empty table, a client of it, and the variables of both in this process."""
    with Emulator() as emulator:
        before = dict(os.environ)
        os.environ.update(emulator.environment(), ALLOW_LIST_TABLE_NAME=name)
        try:
            client = emulator.client("dynamodb")
            make_table(client, name)
            yield client
        finally:
            os.environ.clear()
            os.environ.update(before)


def list_devices(client: Any, table_name: str, numbers: Iterable[int], **attributes: Any) -> None:
    """Put devices on the list, each with the same attributes; none by default."""
    for number in numbers:
        item = {"serial_number": {"S": serial_number(number)}, **attributes}
        client.put_item(TableName=table_name, Item=item)


def make_table(client: Any, name: str) -> None:
    """Make an empty table."""
    client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
