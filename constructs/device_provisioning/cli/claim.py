"""The verb ``claim``."""

from pathlib import Path
from typing import Annotated

import typer

from ..console.problems import reporting_problems
from .aws_options import talks_to_aws


@talks_to_aws
def claim(
    template: Annotated[str, typer.Argument(metavar="NAME", help="The name of a deployed fleet template.")],
    out: Annotated[
        Path,
        typer.Option(
            metavar="DIR", help="Where to write claim.pem and claim.key; existing files are not overwritten."
        ),
    ],
) -> None:
    """Get a claim for one device, as a trusted user.

    It is a certificate with its key, and enrols the device within five minutes.

    Only you can read the files. Exit status: 0 when they are written, 2 when they are not.
    """
    with reporting_problems():
        from ..certificates.claim import fetch_claim

        fetched = fetch_claim(template, out)
    typer.echo(f"{fetched.certificate} and {fetched.key} are a claim for {template}")
    typer.echo(f"it is valid until {fetched.expiration:%H:%M:%S} UTC: {fetched.time_left()} left")
