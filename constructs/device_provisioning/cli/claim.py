"""The verb ``claim``."""

from pathlib import Path
from typing import Annotated

import typer

from .problems import told


def claim(
    template: Annotated[
        str, typer.Argument(metavar="TEMPLATE", help="The name of a deployed fleet template.")
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where claim.pem and claim.key go; not written over.")
    ],
) -> None:
    """Get a claim as a trusted user: a certificate and a key that enrol one device within five minutes.

    Only you can read the files. Exit status: 0 when they are written, 2 when they are not.
    """
    with told():
        from .claiming import fetch_claim

        fetched = fetch_claim(template, out)
    typer.echo(f"{fetched.certificate} and {fetched.key} are a claim for {template}")
    typer.echo(f"it is valid until {fetched.expiration:%H:%M:%S} UTC: {fetched.time_left()} left")
