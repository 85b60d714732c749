"""The verbs of ``panorama``."""

from pathlib import Path
from typing import Annotated

import typer

NOT_FETCHED = 2


def archive(
    stack: Annotated[
        str,
        typer.Argument(
            metavar="STACK", help="The CloudFormation stack, or a file of pulumi stack output --json."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder that the archive goes to.")],
    device: Annotated[
        str | None, typer.Option(metavar="NAME", help="The device, when the stack has several.")
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Count down until the archive expires.")
    ] = True,
) -> None:
    """Fetch the archive that sets a Panorama device up, once, and count down the minutes that it is of use.

    Only its owner may read the file, and it is deleted where it was. Exit status: 0 when it is fetched, 2
    when it is not.
    """
    from .archives import archive_of, count_down, fetch
    from .deployed import DeployedError
    from .formats import printable

    try:
        chosen = archive_of(stack, device)
        path = fetch(chosen, out)
    except DeployedError as error:
        for line in str(error).splitlines():
            typer.echo(printable(line), err=True)
        raise typer.Exit(NOT_FETCHED) from None
    typer.echo(printable(f"wrote {path}, of use until {chosen.expires_at}: {chosen.advice}"))
    if wait:
        count_down(chosen)
        typer.echo("the archive expired")


app = typer.Typer(no_args_is_help=True, help="Set up devices of AWS Panorama, whose support ended.")
app.command(epilog="Example: device-provisioning panorama archive Cameras --out /media/usb")(archive)


@app.callback()
def _panorama() -> None:
    pass
