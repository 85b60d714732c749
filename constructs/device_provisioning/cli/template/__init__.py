"""The verbs of ``device-provisioning template``: deployed templates and their versions."""

from typing import Annotated

import typer

from ..problems import told

DIFFERENT = 1

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of a deployed template.")]
Yes = Annotated[bool, typer.Option("--yes", help="Don't ask.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show the calls and make none that changes anything.")
]

app = typer.Typer(no_args_is_help=True, help="Look at deployed templates, and go back to an earlier version.")


@app.command(epilog="Example: device-provisioning template status sensors")
def status(name: Name) -> None:
    """Show a template, its hook, its role and its versions."""
    with told():
        from .deployed_template import DeployedTemplate
        from .status import show

        show(DeployedTemplate(name))


@app.command(
    epilog="Example: device-provisioning template diff sensors cdk.out --resource SensorsTemplate1A2B3C4D"
)
def diff(
    name: Name,
    body: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A body, a CloudFormation template or a cdk.out folder; - is standard input."
        ),
    ],
    version: Annotated[
        int | None, typer.Option(help="The version to compare with; the default version by default.")
    ] = None,
    resource: Annotated[
        str | None,
        typer.Option(
            metavar="LOGICAL_ID", help="The template, when a CloudFormation template holds several."
        ),
    ] = None,
) -> None:
    """Show what a body would change: lines with - are deployed, lines with + are in the file.

    What does not matter to AWS IoT, such as blanks and order, is no difference. Exit status: 0 when there is
    none, 1 when there is one, 2 when something could not be read.
    """
    with told():
        from .comparing import compare_with_file

        lines = compare_with_file(name, body, version, resource)
    for line in lines:
        typer.echo(line)
    raise typer.Exit(DIFFERENT if lines else 0)


@app.command(epilog="Example: device-provisioning template rollback sensors --to 3")
def rollback(
    name: Name,
    to: Annotated[
        int | None,
        typer.Option(metavar="VERSION", help="The version; the newest before the default one by default."),
    ] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Make an earlier version the default again, until the next deployment sets its own.

    Exit status: 0 when it is done or nothing is to do, 1 when you say no, 2 when it could not be done.
    """
    with told():
        from .changes import roll_back

        roll_back(name, to, yes=yes, dry_run=dry_run)


@app.command(epilog="Example: device-provisioning template prune sensors --dry-run")
def prune(name: Name, yes: Yes = False, dry_run: DryRun = False) -> None:
    """Delete what is not needed: copies of a body, and all but the default and the two newest other versions.

    Exit status: 0 when it is done or nothing is to do, 1 when you say no, 2 when it could not be done.
    """
    with told():
        from .changes import prune as delete

        delete(name, yes=yes, dry_run=dry_run)
