"""The verbs of ``greengrass``."""

from pathlib import Path
from typing import Annotated

import typer

from ..greengrass import Nucleus

NOT_WRITTEN = 2


def config(
    stack: Annotated[
        str,
        typer.Argument(
            metavar="STACK", help="The CloudFormation stack, or a file of pulumi stack output --json."
        ),
    ],
    core: Annotated[str, typer.Option(metavar="NAME", help="The thing name that the core will have.")],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Where the configuration goes; the claim goes beside it.")
    ],
    nucleus: Annotated[Nucleus, typer.Option(help="The Greengrass runtime of the core.")] = Nucleus.CLASSIC,
    root_path: Annotated[str | None, typer.Option(help="Greengrass's folder on the core.")] = None,
    root_ca_path: Annotated[str | None, typer.Option(help="The Amazon root CA on the core.")] = None,
    claim_certificate_path: Annotated[
        str | None, typer.Option(help="The claim certificate on the core.")
    ] = None,
    claim_key_path: Annotated[
        str | None, typer.Option(help="The claim's key on the core; for lite it may be a TPM handle.")
    ] = None,
    csr_path: Annotated[str | None, typer.Option(help="A CSR of the core's own key; classic only.")] = None,
    csr_private_key_path: Annotated[str | None, typer.Option(help="The key of the CSR.")] = None,
    key_path: Annotated[
        str | None, typer.Option(help="Where lite keeps the core's key: a file or a TPM handle.")
    ] = None,
    port_443: Annotated[bool, typer.Option("--port-443", help="Use port 443; classic only.")] = False,
    proxy_url: Annotated[str | None, typer.Option(help="The proxy to AWS.")] = None,
    proxy_username: Annotated[str | None, typer.Option(help="The user of the proxy.")] = None,
    proxy_password_secret: Annotated[
        str | None, typer.Option(help="The Secrets Manager secret that holds the proxy's password.")
    ] = None,
) -> None:
    """Write the configuration with which one core enrols itself, and the claim certificate with its key.

    Only their owner may read the files. Exit status: 0 when they are written, 2 when they are not.
    """
    from .core_configuration import Request, write_configuration
    from .deployed import DeployedError
    from .formats import printable

    settings: dict[str, object] = {
        "nucleus": nucleus,
        "root_path": root_path,
        "root_ca_path": root_ca_path,
        "claim_certificate_path": claim_certificate_path,
        "claim_key_path": claim_key_path,
        "csr_path": csr_path,
        "csr_private_key_path": csr_private_key_path,
        "key_path": key_path,
        "port_443": port_443,
    }
    proxy = {
        name: value
        for name, value in {"url": proxy_url, "username": proxy_username}.items()
        if value is not None
    }
    try:
        request = Request(stack, core, out, settings, proxy, proxy_password_secret)
        for path in write_configuration(request):
            typer.echo(printable(f"wrote {path}"))
    except DeployedError as error:
        for line in str(error).splitlines():
            typer.echo(printable(line), err=True)
        raise typer.Exit(NOT_WRITTEN) from None


app = typer.Typer(no_args_is_help=True, help="Set up AWS IoT Greengrass core devices.")
app.command(epilog="Example: device-provisioning greengrass config Edge --core gg-0042 --out config.yaml")(
    config
)


@app.callback()
def _greengrass() -> None:
    pass
