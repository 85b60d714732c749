"""The verbs of ``panorama``."""

from pathlib import Path
from typing import Annotated

import typer

from ..console.problems import reporting_problems
from .aws_options import talks_to_aws
from .verbs import Verbs


@talks_to_aws
def archive(
    stack: Annotated[
        str,
        typer.Argument(
            metavar="STACK", help="The CloudFormation stack, or a file of pulumi stack output --json."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to write the archive.")],
    device: Annotated[
        str | None, typer.Option(metavar="NAME", help="The device, when the stack has several.")
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Count down until the archive expires.")
    ] = True,
) -> None:
    """Fetch the archive that sets up a Panorama device.

    It can be fetched once, and the minutes until it expires are counted down.

    Only its owner may read the file, and it is deleted where it was. Exit status: 0 when it is fetched, 2
    when it is not.
    """
    from ..console.text import printable
    from ..edge.archives import archive_of, count_down, fetch

    with reporting_problems("the archive stays where it is"):
        chosen = archive_of(stack, device)
        path = fetch(chosen, out)
    typer.echo(printable(f"wrote {path}, valid until {chosen.expires_at}: {chosen.advice}"))
    if wait:
        with reporting_problems(f"{path} stays"):
            count_down(chosen)
        typer.echo("the archive expired")


app = Verbs(no_args_is_help=True, help="Set up devices of AWS Panorama, whose support ended.")
app.command(epilog="Example: device-provisioning panorama archive Cameras --out /media/usb")(archive)


@app.callback()
def _panorama() -> None:
    pass
