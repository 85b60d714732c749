"""The command of an allow list, run in this process, and the table that it writes."""

from contextlib import contextmanager

NAME = "allow-list"


@contextmanager
def a_table(emulator):
    client = emulator.client("dynamodb")
    client.create_table(
        TableName=NAME,
        AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield client
    client.delete_table(TableName=NAME)


def run(*arguments):
    # conftest imports this module, and most tests need no command.
    from typer.testing import CliRunner

    from device_provisioning.cli import app

    return CliRunner().invoke(app, ["devices", *map(str, arguments)])


def items(client):
    pages = client.get_paginator("scan").paginate(TableName=NAME)
    return {item["serial_number"]["S"]: item for page in pages for item in page["Items"]}


def a_file(folder, text, name="devices.csv"):
    file = folder / name
    file.write_text(text)
    return file


def left(folder):
    return sorted(path.name for path in folder.iterdir())
