"""Rules silenced on the command line."""

from collections.abc import Sequence

import typer

from ..aws_iot.rules.registry import require_silencing
from ..lint.every_rule import EVERY_RULE


def parse_reasons(options: Sequence[str]) -> dict[str, str]:
    """The reasons by code.

    Args:
        options: ``CODE=REASON`` each.

    Raises:
        typer.BadParameter: If a code is unknown or has no reason.

    Example:
        >>> parse_reasons(["DP019=devices register once"])
        {'DP019': 'devices register once'}
    """
    reasons = {code: reason for code, _, reason in (option.partition("=") for option in options)}
    try:
        require_silencing(reasons, EVERY_RULE)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--silence") from None
    return reasons
