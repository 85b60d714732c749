"""The verb ``ca revocation-list``."""

from pathlib import Path
from typing import Annotated

import typer

from ...console.problems import reporting_problems
from .options import LONGEST_DAYS, Certificate, Key


def revocation_list(
    certificates: Annotated[
        list[str] | None, typer.Argument(metavar="FILE", help="All certificates that are revoked.")
    ] = None,
    ca_file: Certificate = "ca.pem",
    key_file: Key = "ca.key",
    days: Annotated[
        int,
        typer.Option(
            metavar="DAYS", min=1, max=LONGEST_DAYS, help="In how many days the list has to be replaced."
        ),
    ] = 30,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The file to write; an existing file is not overwritten.")
    ] = Path("revoked.pem"),
) -> None:
    """Sign the list of revoked certificates.

    Just-in-time registration checks it.
    """
    with reporting_problems():
        from ...certificates.authority import load_authority
        from ...certificates.revoking import revoked_certificates
        from ...console.new_files import require_new, write_new
        from ...console.output_files import PUBLIC

        require_new([out])
        authority = load_authority(ca_file, key_file)
        revoked = revoked_certificates(certificates or (), authority, ca_file)
        write_new(out, authority.revocation_list(revoked, days), PUBLIC)
    typer.echo(f"{out} lists {len(revoked)} certificates")
