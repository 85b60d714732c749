"""The verb ``greengrass config``."""

import typer

from ...console.problems import reporting_problems
from ..aws_options import talks_to_aws
from . import options


@talks_to_aws
def config(
    stack: options.Stack,
    core: options.Core,
    out: options.Out,
    nucleus: options.NucleusOption = options.Nucleus.CLASSIC,
    root_path: options.RootPath = None,
    root_ca_path: options.RootCaPath = None,
    claim_certificate_path: options.ClaimCertificatePath = None,
    claim_key_path: options.ClaimKeyPath = None,
    csr_path: options.CsrPath = None,
    csr_private_key_path: options.CsrPrivateKeyPath = None,
    key_path: options.KeyPath = None,
    port_443: options.Port443 = False,
    proxy_url: options.ProxyUrl = None,
    proxy_username: options.ProxyUsername = None,
    proxy_password_secret: options.ProxyPasswordSecret = None,
) -> None:
    """Write the configuration with which a core enrols itself.

    The claim certificate and its key are written beside it.

    Only their owner may read the files. Exit status: 0 when they are written, 2 when they are not.
    """
    from ...console.text import printable
    from ...edge.core_configuration import Request, write_configuration

    settings: dict[str, object] = {
        "nucleus": nucleus.value,
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
    with reporting_problems():
        request = Request(stack, core, out, settings, proxy, proxy_password_secret)
        for path in write_configuration(request):
            typer.echo(printable(f"wrote {path}"))
