"""Options of the verbs of the factory line."""

from pathlib import Path
from typing import Annotated

import typer

BatchOption = Annotated[str, typer.Option("--batch", metavar="NAME", help="The batch of the devices.")]
OneSerialNumber = Annotated[
    str | None, typer.Option("--serial-number", metavar="TEXT", help="The serial number of the device.")
]
PublicKey = Annotated[
    str | None, typer.Option(metavar="FILE", help="The device's public key, in PEM or DER.")
]
Csr = Annotated[str | None, typer.Option(metavar="FILE", help="A CSR of the device's key instead.")]
Certificate = Annotated[
    str | None, typer.Option(metavar="FILE", help="A certificate of the device's key instead.")
]
KmsKey = Annotated[
    str | None, typer.Option(metavar="ARN", help="The key in AWS KMS instead: its ARN, id or alias.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace files that hold something else.")]
Out = Annotated[
    Path,
    typer.Option(
        metavar="PATH", help="The file to write, or with --file the directory; only you can read it."
    ),
]
