"""Options of ``simulate``."""

from typing import Annotated

import typer

Template = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A body, a CloudFormation template or a cdk.out folder; - is standard input.",
    ),
]
More = Annotated[list[str] | None, typer.Argument(metavar="KEY=VALUE", help="More values of --device.")]
Device = Annotated[
    list[str] | None,
    typer.Option(metavar="KEY=VALUE", help="A parameter that the one device supplies; repeatable."),
]
Devices = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="A list as for devices import, or the parameters of each device: a .csv file whose first line"
        " names them (an empty cell supplies nothing), or a .jsonl file of objects; - is one of them on"
        " standard input.",
    ),
]
Certificate = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="A certificate whose subject supplies the parameters of JITP or IoTDA."
    ),
]
Hook = Annotated[
    str | None,
    typer.Option(metavar="MODULE:FUNCTION", help="A pre-provisioning hook to run for each device."),
]
Existing = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="Existing things, one object per line as DescribeThing or simulate writes it."
    ),
]
Out = Annotated[
    str | None, typer.Option(metavar="FILE", help="Where to write the outcomes; standard output by default.")
]
Workers = Annotated[
    int | None,
    typer.Option(
        metavar="NUMBER",
        min=1,
        max=64,
        help="How many processes simulate a long list; one for each core by default, and one with --hook.",
    ),
]
