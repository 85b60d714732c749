"""The verbs ``ca create``, ``ca verification-certificate``, ``ca issue`` and ``ca revocation-list``."""

from pathlib import Path
from typing import Annotated

import typer

from .problems import told

INTERRUPTED = 130
LONGEST_DAYS = 36_500

Certificate = Annotated[
    str, typer.Option("--ca", metavar="FILE.pem", help="The certificate of the CA.", show_default=True)
]
Key = Annotated[str, typer.Option("--key", metavar="FILE.key", help="The key of the CA.", show_default=True)]
Days = Annotated[int, typer.Option(min=1, max=LONGEST_DAYS, help="How long it is valid.")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Where the files go; none is written over.")]

ca = typer.Typer(
    no_args_is_help=True,
    help="Be the certificate authority of a test bench. A factory's CA belongs in an HSM.",
)


@ca.command(epilog="Example: device-provisioning ca create --common-name 'Test bench' --out bench")
def create(
    common_name: Annotated[str, typer.Option(help="The name of the CA.")] = "Test bench",
    days: Days = 3650,
    out: Out = Path(),
) -> None:
    """Make a CA: ca.pem to register, ca.key that only you can read."""
    with told():
        from .authority import create_authority
        from .new_files import PUBLIC, SECRET, require_new, write_new

        certificate, key = out / "ca.pem", out / "ca.key"
        require_new([certificate, key])
        issued = create_authority(common_name, days)
        write_new(key, issued.private_key_pem, SECRET)
        write_new(certificate, issued.certificate_pem, PUBLIC)
    typer.echo(f"{certificate} is the CA, {key} its key: keep it to yourself")


@ca.command(
    "verification-certificate",
    epilog="Example: device-provisioning ca verification-certificate $(aws iot get-registration-code"
    " --query registrationCode --output text)",
)
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
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where it goes; not written over.")] = Path(
        "verification.pem"
    ),
    iotda: Annotated[
        bool, typer.Option("--iotda", help="For Huawei Cloud IoTDA; for AWS IoT by default.")
    ] = False,
) -> None:
    """Prove that you hold the key of the CA, to AWS IoT for certificate mode DEFAULT; valid for a day."""
    with told():
        from .authority import load_authority
        from .new_files import PUBLIC, require_new, write_new
        from .registration_code import registration_code_subject

        require_new([out])
        subject = registration_code_subject(registration_code, iotda=iotda)
        issued = load_authority(ca_file, key_file).issue(subject, days=1)
        write_new(out, issued.certificate_pem, PUBLIC)
    typer.echo(f"{out} verifies {ca_file}")


@ca.command(epilog="Example: device-provisioning ca issue devices.csv --out devices")
def issue(
    devices: Annotated[
        str,
        typer.Argument(
            metavar="FILE.csv",
            help="Subjects: the first line names fields as JITP does, CommonName at least.",
        ),
    ],
    ca_file: Certificate = "ca.pem",
    key_file: Key = "ca.key",
    days: Days = 3650,
    out: Out = Path(),
) -> None:
    """Issue a certificate and a key for each device: DIR/COMMON_NAME.pem and .key.

    Nothing is issued unless every line is good. Exit status: 0 when all are issued, 2 when something is
    wrong with what was given, 130 after Ctrl-C.
    """
    with told():
        from .issuing import issue_all

        issued, interrupted = issue_all(devices, ca_file, key_file, days, out)
    typer.echo(f"{issued} certificates with their keys are in {out}", err=interrupted)
    if interrupted:
        raise typer.Exit(INTERRUPTED)


@ca.command(
    "revocation-list",
    epilog="Example: device-provisioning ca revocation-list devices/sensor-7.pem --out revoked.pem",
)
def revocation_list(
    certificates: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE.pem…]", help="Every certificate that is revoked.")
    ] = None,
    ca_file: Certificate = "ca.pem",
    key_file: Key = "ca.key",
    days: Annotated[int, typer.Option(min=1, max=LONGEST_DAYS, help="Until when to replace it.")] = 30,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where it goes; not written over.")] = Path(
        "revoked.pem"
    ),
) -> None:
    """Sign the list of revoked certificates that just-in-time registration asks."""
    with told():
        from .authority import load_authority, load_certificate
        from .new_files import PUBLIC, require_new, write_new

        require_new([out])
        revoked = [load_certificate(file) for file in certificates or ()]
        write_new(out, load_authority(ca_file, key_file).revocation_list(revoked, days), PUBLIC)
    typer.echo(f"{out} lists {len(revoked)} certificates")
