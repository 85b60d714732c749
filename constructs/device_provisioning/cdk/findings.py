"""What the rules find, told by CDK's own means."""

from collections.abc import Mapping

from constructs import Construct

from ..aws_iot import FleetTemplate, JitpTemplate


def report(
    scope: Construct, body: FleetTemplate | JitpTemplate, *, silenced: Mapping[str, str] | None
) -> None:
    """Placeholder."""
