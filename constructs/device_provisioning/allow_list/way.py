"""The ways into a table."""

from enum import StrEnum


class Via(StrEnum):
    """How devices come into a table."""

    TRANSACTIONS = "transactions"
    S3_IMPORT = "s3-import"
