"""The ``device-provisioning`` command: one file a verb."""

from typing import Annotated

import typer

from .. import __version__
from ..extras import extras_told
from . import greengrass, panorama
from .adopt import adopt
from .allow_list import app as devices
from .bulk import app as bulk
from .ca import ca
from .claim import claim
from .explain import explain
from .init import init
from .lint import lint
from .schema import schema
from .simulate import simulate
from .template import app as template

app = typer.Typer(
    name="device-provisioning",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Check and try provisioning templates, and look after the devices that register through them.",
)
app.command(epilog="Example: device-provisioning lint --type jitp body.json template.yaml cdk.out")(lint)
app.command(
    epilog="Example: device-provisioning simulate body.json --devices devices.csv --out outcomes.jsonl"
)(simulate)
app.command(epilog="Example: device-provisioning explain cdk.out --html fleet.html")(explain)
app.command(epilog="Example: device-provisioning schema fleet > fleet.schema.json")(schema)
app.command(epilog="Example: device-provisioning init sensors --engine cdk")(init)
app.add_typer(greengrass.app, name="greengrass")
app.add_typer(devices, name="devices")
app.add_typer(bulk, name="bulk")
app.add_typer(ca, name="ca")
app.command(epilog="Example: device-provisioning claim sensors --out claim")(claim)
app.add_typer(template, name="template")
app.command(epilog="Example: device-provisioning adopt sensors --engine cdk --out adopted")(adopt)
app.add_typer(panorama.app, name="panorama")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _command(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command; a package that is not installed is told with the extra that brings it."""
    with extras_told():
        app()
