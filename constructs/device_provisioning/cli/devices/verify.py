"""The verb ``devices verify``."""

from typing import Annotated

import typer

from ...console.problems import exit_with
from ..aws_options import talks_to_aws
from . import factory_options as options


@talks_to_aws
def verify(
    proof: Annotated[str, typer.Argument(metavar="FILE", help="The file of the proof.")],
    serial_number: Annotated[str, typer.Option(metavar="TEXT", help="The serial number of the device.")],
    public_key: options.PublicKey = None,
    csr: options.Csr = None,
    certificate: options.Certificate = None,
    device_key: Annotated[
        str | None, typer.Option(metavar="FILE", help="The key that was derived for the device.")
    ] = None,
    manufacturer_key: Annotated[
        str | None, typer.Option(metavar="FILE", help="The public key of the manufacturer who signed.")
    ] = None,
    kms_key: options.KmsKey = None,
) -> None:
    """Tell whether the hook would accept a proof.

    A key in AWS KMS takes kms:GenerateMac or kms:GetPublicKey, by the kind of the proof.

    Exit status: 0 when it would, 1 when it would not, 2 when something given is wrong or AWS refuses.
    """

    def verified() -> int:
        from ...factory.signing import one_device
        from ...factory.verifying import verify_proof

        device = one_device(serial_number, public_key=public_key, csr=csr, certificate=certificate)
        return verify_proof(
            proof, device, device_key=device_key, manufacturer_key=manufacturer_key, kms_key=kms_key
        )

    exit_with(verified)
