"""The verb ``devices sign``."""

from typing import Annotated

import typer

from ...console.problems import exit_with
from ..aws_options import talks_to_aws
from . import factory_options as options


@talks_to_aws
def sign(
    batch: options.BatchOption,
    out: options.Out,
    serial_number: options.OneSerialNumber = None,
    public_key: options.PublicKey = None,
    csr: options.Csr = None,
    certificate: options.Certificate = None,
    file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="A CSV of many: the columns serial_number and csr, public_key or certificate, whose files"
            " are beside it; - is standard input.",
        ),
    ] = None,
    key: Annotated[
        str | None, typer.Option(metavar="FILE", help="The manufacturer's private key, in PEM.")
    ] = None,
    password_file: Annotated[str | None, typer.Option(metavar="FILE", help="The password of that.")] = None,
    kms_key: options.KmsKey = None,
    force: options.Force = False,
) -> None:
    """Sign for devices as their manufacturer.

    What is written is a proof, which a device registers with.

    A key in AWS KMS takes kms:Sign and kms:GetPublicKey. Run again, it writes the proofs that are missing.

    Exit status: 0 when all are written, 1 when files of a list are in the way, 2 when something given is
    wrong or AWS refuses, 130 after Ctrl-C.
    """

    def signed() -> int:
        from ...factory.request import sign_request

        device = {"public_key": public_key, "csr": csr, "certificate": certificate}
        signer = {"key": key, "password_file": password_file, "kms_key": kms_key}
        return sign_request(file, serial_number, device, signer, batch, out, force=force)

    exit_with(signed)
