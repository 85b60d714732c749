"""The record of a batch of devices: an item of the allow list whose key no serial number can be.

The standard library only: this module is shipped with every function that reads or writes the list.
"""

from typing import Any

from .record import PARAMETER_OVERRIDES, Condition, Item, key, unchanged_in

BATCH_KEY = " batch "
"""No serial number begins with it."""
IS_OPEN = "is_open"
QUOTA = "device_quota"
ENROLLED = "devices_enrolled"
"""How many serial numbers of the batch have been let through."""
OPENS_AT = "opens_at"
CLOSES_AT = "closes_at"
CLAIMS = "claim_certificate_ids"
"""The ids of the claim certificates that may enrol its devices."""
REPROVISIONING = "reprovisioning"
PUBLIC_KEY = "public_key"
WITHOUT_LIST = "without_list"
"""Whether a device that proves itself may register although it is not on the list."""
DECLARED_OF_BATCH = (
    IS_OPEN,
    QUOTA,
    OPENS_AT,
    CLOSES_AT,
    CLAIMS,
    REPROVISIONING,
    PARAMETER_OVERRIDES,
    PUBLIC_KEY,
    WITHOUT_LIST,
)
"""What an operator or the code says of a batch; ``devices_enrolled`` is the hook's."""


def batch_key(name: str) -> dict[str, Any]:
    """The key of a batch's record.

    Example:
        >>> batch_key("line-4")
        {'serial_number': {'S': ' batch line-4'}}
    """
    return key(f"{BATCH_KEY}{name}")


def batch_of(item: Item) -> str:
    """The name of the batch whose record an item is."""
    return str(item["serial_number"]["S"]).removeprefix(BATCH_KEY)


def as_it_was(batch: Item) -> Condition:
    """Nothing that a decision depends on has been changed of a batch since it was read."""
    return unchanged_in(batch, DECLARED_OF_BATCH)


def has_a_place(batch: Item) -> Condition:
    """The batch is as it was, and one more of its devices may be let through."""
    if QUOTA not in batch:
        return as_it_was(batch)
    # What is no number is not more than a number.
    free = f"{QUOTA} > :none AND (attribute_not_exists({ENROLLED}) OR {ENROLLED} < {QUOTA})"
    return as_it_was(batch) & Condition(free, {":none": {"N": "0"}})


ONE_MORE = Condition(
    f"SET {ENROLLED} = if_not_exists({ENROLLED}, :none) + :one", {":none": {"N": "0"}, ":one": {"N": "1"}}
)
"""The update of a batch that lets one more of its devices through."""
