"""Options that verbs of ``ca`` share."""

from pathlib import Path
from typing import Annotated

import typer

LONGEST_DAYS = 36_500
Certificate = Annotated[
    str, typer.Option("--ca", metavar="FILE", help="The certificate of the CA.", show_default=True)
]
Key = Annotated[str, typer.Option("--key", metavar="FILE", help="The key of the CA.", show_default=True)]
Days = Annotated[
    int, typer.Option(metavar="DAYS", min=1, max=LONGEST_DAYS, help="For how many days it is valid.")
]
Out = Annotated[
    Path, typer.Option(metavar="DIR", help="Where to write the files; existing files are not overwritten.")
]
