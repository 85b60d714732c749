"""One description a setting: what the docstrings of both engines say of it."""

from typing import Any, NamedTuple


class Setting(NamedTuple):
    """A setting of a component.

    Args:
        cdk: Its description on AWS CDK; ``None`` if it is not there.
        pulumi: Its description on Pulumi; ``None`` if it is not there.
        default: What it is by default, if that is a plain value; ``None`` if it is left out or made.
    """

    cdk: str | None
    pulumi: str | None
    default: Any = None


Settings = dict[str, Setting]
"""The settings of one component, by name."""


def both(description: str, *, default: Any = None) -> Setting:
    """A setting that is described in the same words on both engines."""
    return Setting(description, description, default)


def each(*, cdk: str, pulumi: str, default: Any = None) -> Setting:
    """A setting whose value is of another kind on each engine, so that the words differ."""
    return Setting(cdk, pulumi, default)


def on_cdk(description: str) -> Setting:
    """A setting that Pulumi has no place for."""
    return Setting(description, None)


def on_pulumi(description: str) -> Setting:
    """A setting that is a method, or needless, on AWS CDK."""
    return Setting(None, description)
