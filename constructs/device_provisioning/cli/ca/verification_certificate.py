"""The verb ``ca verification-certificate``."""

from pathlib import Path
from typing import Annotated

import typer

from ...console.problems import reporting_problems
from .options import Certificate, Key


def verification_certificate(
    registration_code: Annotated[
        str,
        typer.Argument(
            metavar="CODE",
            help="What GetRegistrationCode answers for your account, or with --iotda the CA's verify code.",
        ),
    ],
    ca_file: Certificate = "ca.pem",
    key_file: Key = "ca.key",
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The file to write; an existing file is not overwritten.")
    ] = Path("verification.pem"),
    iotda: Annotated[
        bool, typer.Option("--iotda", help="For Huawei Cloud IoTDA; for AWS IoT by default.")
    ] = False,
) -> None:
    """Prove that you hold the key of the CA.

    AWS IoT asks for the proof in certificate mode DEFAULT. It is valid for a day.
    """
    with reporting_problems():
        from ...certificates.authority import load_authority
        from ...certificates.issuing import warn_of_end
        from ...certificates.registration_code import registration_code_subject
        from ...console.new_files import require_new, write_new
        from ...console.output_files import PUBLIC

        require_new([out])
        subject = registration_code_subject(registration_code, iotda=iotda)
        authority = load_authority(ca_file, key_file)
        warn_of_end(authority, ca_file, days=1)
        issued = authority.issue(subject, days=1)
        write_new(out, issued.certificate_pem, PUBLIC)
    typer.echo(f"{out} verifies {ca_file}")
