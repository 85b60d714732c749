"""The ``device-provisioning`` command: one file a verb."""

import sys
from typing import Annotated

import typer

from .. import __version__
from . import greengrass, panorama
from .adopt import adopt
from .allow_list import app as devices
from .bulk import app as bulk
from .ca import ca
from .claim import claim
from .explain import explain
from .init import init
from .lint import lint
from .problems import BAD_INPUT
from .schema import schema
from .simulate import simulate
from .template import app as template

EXTRAS = {
    "boto3": "aws",
    "botocore": "aws",
    "copier": "init",
    "cryptography": "aws",
    "pyarrow": "parquet",
}
"""The extra that brings a package that some verbs need."""

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
    try:
        app()
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRAS:
            raise
        typer.echo(f"this needs {package}: pip install 'device-provisioning[{EXTRAS[package]}]'", err=True)
        sys.exit(BAD_INPUT)
