"""Options of ``greengrass config``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Nucleus(StrEnum):
    """The Greengrass runtime."""

    CLASSIC = "classic"
    LITE = "lite"


Stack = Annotated[
    str,
    typer.Argument(
        metavar="STACK", help="The CloudFormation stack, or a file of pulumi stack output --json."
    ),
]
Core = Annotated[str, typer.Option(metavar="NAME", help="The thing name that the core will have.")]
Out = Annotated[
    Path,
    typer.Option(metavar="FILE", help="Where to write the configuration; the claim is written beside it."),
]
NucleusOption = Annotated[Nucleus, typer.Option(help="The Greengrass runtime of the core.")]
RootPath = Annotated[str | None, typer.Option(metavar="PATH", help="Greengrass's folder on the core.")]
RootCaPath = Annotated[str | None, typer.Option(metavar="PATH", help="The Amazon root CA on the core.")]
ClaimCertificatePath = Annotated[
    str | None, typer.Option(metavar="PATH", help="The claim certificate on the core.")
]
ClaimKeyPath = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="The claim's key on the core; for lite it may be a TPM handle."),
]
CsrPath = Annotated[
    str | None, typer.Option(metavar="PATH", help="A CSR of the core's own key; classic only.")
]
CsrPrivateKeyPath = Annotated[str | None, typer.Option(metavar="PATH", help="The key of the CSR.")]
KeyPath = Annotated[
    str | None, typer.Option(metavar="PATH", help="Where lite keeps the core's key: a file or a TPM handle.")
]
Port443 = Annotated[bool, typer.Option("--port-443", help="Use port 443; classic only.")]
ProxyUrl = Annotated[str | None, typer.Option(metavar="URL", help="The proxy to AWS.")]
ProxyUsername = Annotated[str | None, typer.Option(metavar="NAME", help="The user of the proxy.")]
ProxyPasswordSecret = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The Secrets Manager secret that holds the proxy's password."),
]
