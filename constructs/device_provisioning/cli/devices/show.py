"""The verb ``devices show``."""

from enum import StrEnum
from typing import Annotated

import typer

from ...console.problems import exit_with
from ..aws_options import talks_to_aws
from .options import SerialNumbers, Table


class ShowFormat(StrEnum):
    """How devices are shown."""

    TEXT = "text"
    JSON = "json"


@talks_to_aws
def show_devices(
    serial_numbers: SerialNumbers,
    table: Table,
    output_format: Annotated[
        ShowFormat, typer.Option("--format", help="The state of each device in words, or its record as JSON.")
    ] = ShowFormat.TEXT,
) -> None:
    """Show the state of devices, one line per device.

    The exit status is 1 when one is not on the list.

    What became of a certificate is asked of AWS IoT: iot:DescribeCertificate and iot:ListPrincipalThings.
    """
    from ...allow_list.records import show_records

    exit_with(lambda: show_records(table, serial_numbers, as_json=output_format is ShowFormat.JSON))
