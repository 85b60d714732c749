"""The verb ``devices derive-key``."""

from pathlib import Path
from typing import Annotated

import typer

from ...console.problems import exit_with
from ..aws_options import talks_to_aws
from ..options import Normalise
from .factory_options import BatchOption, Force


@talks_to_aws
def derive_keys(
    batch: BatchOption,
    key: Annotated[
        str, typer.Option(metavar="ARN", help="The HMAC key of the batch in AWS KMS: its ARN, id or alias.")
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where to write SERIAL_NUMBER.key; only you can read it.")
    ],
    serial_numbers: Annotated[list[str] | None, typer.Argument(metavar="SERIAL_NUMBER")] = None,
    file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A list as devices import takes it; - is standard input."),
    ] = None,
    normalise: Normalise = None,
    force: Force = False,
) -> None:
    """Derive keys by which devices prove themselves.

    Each is written to a file of 64 hexadecimal digits. The keys are shown nowhere. Run again,
    it writes those that are missing.

    It takes kms:GenerateMac. Exit status: 0 when all are written, 1 when files that hold something else are
    in the way, 2 when something given is wrong or AWS refuses, 130 after Ctrl-C.
    """

    def derived() -> int:
        from ...factory.device_keys import derive_keys as deriving

        changes = tuple(normalise or ())
        return deriving(serial_numbers or (), file, changes, batch, key, out, force=force)

    exit_with(derived)
