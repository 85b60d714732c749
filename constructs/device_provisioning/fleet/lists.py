"""Settings that are lists."""

from typing import Any

LISTS = frozenset(
    {
        "alarm_actions",
        "artifact_buckets",
        "artifact_keys",
        "certificate_sources",
        "claim_client_id_patterns",
        "client_id_patterns",
        "device_parameters",
        "devices",
        "groups",
        "listed_parameters",
        "payload_formats",
        "rotation_certificate_sources",
        "rotation_payload_formats",
        "statements",
        "thing_groups",
        "thing_name_patterns",
    }
)
"""The settings that are lists."""


def require_lists(**settings: Any) -> None:
    """Refuse a string where a list is meant: it would be taken apart into its characters.

    Args:
        **settings: Settings by name; those that are not lists are left alone.

    Raises:
        ValueError: With every list that is given as a string.
    """
    problems = [
        f"{name} is {value!r}, which is a string: give a list, such as [{value!r}]"
        for name, value in settings.items()
        if name in LISTS and isinstance(value, str)
    ]
    if problems:
        raise ValueError("\n".join(problems))
