"""Whether a table of your own can hold an allow list."""

from collections.abc import Mapping, Sequence

from ..aws_iot.environment import Environment
from ..aws_iot.listed_device import PARTITION_KEY
from ..aws_iot.unresolved import is_unresolved

_ARN_PARTS = 6


def require_table_of_list(
    partition_key: str | None, sort_key: str | None, attribute_types: Mapping[str, str]
) -> None:
    """Refuse a table with another key than a list needs; one whose key is not known is not checked.

    Args:
        partition_key: The name of its partition key; ``None`` if it is not known.
        sort_key: The name of its sort key, if it has one.
        attribute_types: The types of its key attributes, ``S``, ``N`` or ``B``, by name.

    Raises:
        ValueError: If its key is not ``serial_number``, a string.
    """
    if partition_key is None or is_unresolved(partition_key):
        return
    kind = attribute_types.get(partition_key, "S")
    if (partition_key, kind, sort_key or None) != (PARTITION_KEY, "S", None):
        also = f" and the sort key {sort_key}" if sort_key else ""
        raise ValueError(
            f"table has the partition key {partition_key} of type {kind}{also}: give a table whose partition"
            f" key is {PARTITION_KEY} of type S, without a sort key"
        )


def require_one_copy(replica_regions: Sequence[str]) -> None:
    """Refuse a global table: conditions of a write see what was written in its own Region only.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html

    Args:
        replica_regions: The Regions of its replicas, its own left out.

    Raises:
        ValueError: If there is one.
    """
    if replica_regions:
        raise ValueError(
            f"table has a replica in {', '.join(replica_regions)}: the last writer wins between Regions, so"
            " that one serial number could register twice: give a table without replicas, one for each Region"
        )


def require_same_place(table: Environment, here: Environment) -> None:
    """Refuse a table of another account or Region: functions find it by its name alone.

    Args:
        table: Where the table is.
        here: Where the list is defined; what is not known before deployment is not compared.

    Raises:
        ValueError: With every difference.
    """
    compared = {"Region": (table.region, here.region), "account": (table.account, here.account)}
    problems = [
        f"table is in the {what} {there}, and the list in {this}: give one of the same {what}: a hook finds"
        " it by its name"
        for what, (there, this) in compared.items()
        if there != this and not is_unresolved(there) and not is_unresolved(this)
    ]
    if problems:
        raise ValueError("\n".join(problems))


def place_of(arn: str) -> Environment | None:
    """The account and the Region of an ARN; ``None`` if it is not an ARN.

    Example:
        >>> place_of("arn:aws:dynamodb:eu-west-1:111122223333:table/devices").region
        'eu-west-1'
    """
    parts = arn.split(":")
    if parts[0] != "arn" or len(parts) < _ARN_PARTS:
        return None
    return Environment(account=parts[4], region=parts[3], partition=parts[1])
