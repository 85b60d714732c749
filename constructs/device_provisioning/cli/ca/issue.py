"""The verb ``ca issue``."""

from pathlib import Path
from typing import Annotated

import typer

from ...console.exit_status import INTERRUPTED
from ...console.problems import reporting_problems
from .options import Certificate, Days, Key, Out


def issue(
    devices: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="Subjects: the first line names the fields as JITP does; CommonName is required; - is"
            " standard input.",
        ),
    ],
    ca_file: Certificate = "ca.pem",
    key_file: Key = "ca.key",
    days: Days = 3650,
    out: Out = Path(),
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Keep what an interrupted run issued, and issue the others."),
    ] = False,
) -> None:
    """Issue a certificate and a key for each device.

    They are written to DIR/COMMON_NAME.pem and DIR/COMMON_NAME.key.

    Nothing is issued unless every line is good. Exit status: 0 when all are issued, 2 when something is
    wrong with what was given, 130 after Ctrl-C.
    """
    with reporting_problems():
        from ...certificates.issuing import issue_all

        pairs = issue_all(devices, ca_file, key_file, days, out, resume=resume)
    advice = ": --resume issues the others" if pairs.interrupted else ""
    number = pairs.issued + pairs.kept
    typer.echo(f"{number} certificates with their keys are in {out}{advice}", err=pairs.interrupted)
    if pairs.interrupted:
        raise typer.Exit(INTERRUPTED)
