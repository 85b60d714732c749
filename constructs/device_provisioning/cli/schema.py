"""The verb ``schema``."""

import json
from enum import StrEnum
from typing import Annotated

import typer


class SchemaOf(StrEnum):
    """What a schema is of."""

    FLEET = "fleet"
    JITP = "jitp"
    BULK = "bulk"
    IOTDA = "iotda"
    CONFIGURATION = "configuration"
    REPORT = "report"


def schema(
    schema_of: Annotated[
        SchemaOf,
        typer.Argument(
            metavar="TYPE",
            help="fleet, jitp, bulk or iotda; configuration: of lint; report: what lint writes as JSON.",
        ),
    ],
) -> None:
    """Write a JSON Schema.

    It is one of bodies of a type, for an editor, or of what lint reads and writes.
    """
    from ..aws_iot import body_schema as aws_iot
    from ..iotda import body_schema as iotda
    from ..lint.body_type import BodyType
    from ..lint.configuration import configuration_schema
    from ..lint.report import report_schema

    if schema_of is SchemaOf.REPORT:
        document = report_schema()
    elif schema_of is SchemaOf.CONFIGURATION:
        document = configuration_schema()
    elif schema_of is SchemaOf.IOTDA:
        document = iotda.body_schema()
    else:
        document = aws_iot.body_schema(BodyType(schema_of).template_type)
    typer.echo(json.dumps(document, indent=2))
