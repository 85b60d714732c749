"""What a registration changes about something that exists.

https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html#template-overrides

Two things are not documented, and are as the emulator has them, whose authors probed AWS IoT: a setting
that is left out, or is none, works as ``FAIL``; and ``FAIL`` lets a device register whose template says what
the thing already has.
"""

from collections.abc import Callable, Mapping
from typing import Any

from .expressions import Place
from .outcome import FailureReason
from .problems import Problem


def settle(
    current: Any,
    wanted: Any,
    settings: Mapping[str, Any],
    place: Place,
    *,
    merge: Callable[[Any, Any], Any] | None = None,
) -> Any:
    """A property after the registration of something that exists.

    Args:
        current: What it has.
        wanted: What the template says; ``None`` if it says nothing, and then nothing changes.
        settings: The resource's ``OverrideSettings``.
        place: The place of the property's setting; its last key is the setting's name.
        merge: How to put both together; by default, ``MERGE`` is not a setting of this property.

    Raises:
        RefusedError: If they differ and no setting allows the change.
    """
    setting = settings.get(place.path.rpartition("/")[2])
    if wanted is None or setting == "DO_NOTHING":
        return current
    if setting == "REPLACE":
        return wanted
    if setting == "MERGE" and merge:
        return merge(current, wanted)
    if _same(current, wanted):
        return current
    given = "left out" if setting is None else setting if isinstance(setting, str) else "not a string"
    raise place.refused(
        FailureReason.PROVISIONING_FAILED,
        Problem.DIFFERS.format(setting=given),
        {"existing": current, "template": wanted},
    )


def _same(current: Any, wanted: Any) -> bool:
    if isinstance(current, list):
        return set(current) == set(wanted)
    return bool(current == wanted)
