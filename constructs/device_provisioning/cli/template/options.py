"""Options that verbs of ``template`` share."""

from typing import Annotated

import typer

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of a deployed template.")]
Yes = Annotated[bool, typer.Option("--yes", help="Don't ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the calls without changing anything.")]
