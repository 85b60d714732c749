"""The verb ``schema``."""

import json
from typing import Annotated

import typer

from .lint import BodyType


def schema(
    body_type: Annotated[BodyType, typer.Argument(metavar="TYPE", help="fleet, jitp or bulk.")],
) -> None:
    """Write a JSON Schema with which an editor completes and checks the bodies of one type."""
    from ..aws_iot import body_schema as aws_iot
    from ..iotda import body_schema as iotda

    if body_type is BodyType.IOTDA:
        document = iotda.body_schema()
    else:
        document = aws_iot.body_schema(body_type.template_type)
    typer.echo(json.dumps(document, indent=2))
