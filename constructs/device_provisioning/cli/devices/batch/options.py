"""Options of the verbs of ``devices batch``."""

from enum import StrEnum
from typing import Annotated

import typer

Name = Annotated[str, typer.Argument(metavar="NAME", help="The batch: 1 to 64 letters, digits, _ and -.")]


class BatchFormat(StrEnum):
    """How batches are shown."""

    TEXT = "text"
    JSON = "json"


Format = Annotated[
    BatchFormat, typer.Option("--format", help="The state of each batch in words, or its record as JSON.")
]


class Field(StrEnum):
    """What can be taken from a batch."""

    QUOTA = "quota"
    FROM = "from"
    UNTIL = "until"
    CLAIM = "claim"
    REPROVISIONING = "reprovisioning"
    OVERRIDE = "override"
    PUBLIC_KEY = "public-key"
    WITHOUT_LIST = "without-list"


FIELDS = {
    Field.QUOTA: "quota",
    Field.FROM: "opens_at",
    Field.UNTIL: "closes_at",
    Field.CLAIM: "claim_certificate_ids",
    Field.REPROVISIONING: "reprovisioning",
    Field.OVERRIDE: "parameter_overrides",
    Field.PUBLIC_KEY: "public_key",
    Field.WITHOUT_LIST: "without_list",
}
"""The field of a batch that each option sets."""
