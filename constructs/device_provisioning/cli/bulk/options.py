"""Options that verbs of ``bulk`` share."""

from typing import Annotated

import typer

Task = Annotated[str, typer.Argument(metavar="TASK", help="The task id that start printed.")]
