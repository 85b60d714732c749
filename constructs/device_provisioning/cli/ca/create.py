"""The verb ``ca create``."""

from pathlib import Path
from typing import Annotated

import typer

from ...console.problems import reporting_problems
from .options import Days, Out


def create(
    common_name: Annotated[str, typer.Option(metavar="NAME", help="The name of the CA.")] = "Test bench",
    days: Days = 3650,
    out: Out = Path(),
) -> None:
    """Create a CA.

    Register ca.pem; only you can read ca.key.
    """
    with reporting_problems():
        from ...certificates.authority import create_authority
        from ...console.new_files import require_new, write_all_new
        from ...console.output_files import PUBLIC, SECRET

        certificate, key = out / "ca.pem", out / "ca.key"
        require_new([certificate, key])
        issued = create_authority(common_name, days)
        files = {key: issued.private_key_pem, certificate: issued.certificate_pem}
        write_all_new(files, {key: SECRET, certificate: PUBLIC})
    typer.echo(f"{certificate} is the CA, {key} its key: keep it secret")
