"""How the library's own Lambda functions run, the same with either engine."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..aws_iot.statements import Document
from .function_code import function_files


@dataclass(frozen=True)
class FunctionDefinition:
    """A function of ``lambdas``.

    Args:
        handler: Its full name, such as ``device_provisioning.lambdas.certificate_rotation.hook.handler``.
        description: What it does.
        policy: Makes the document of its role from the name of its log group, from where it runs, and from
            the resources that it may touch.
        timeout_seconds: How long it may run.
        memory_mib: Its memory in MiB; 256 by default.
        max_event_age_seconds: How old an event of CloudFormation may be that is begun; for the function of a
            custom resource only.
        variables: Makes its environment variables from the settings; it has none by default.
        shortening: How its longest variables become shorter, as in ``by fewer statements``; none by default.
    """

    handler: str
    description: str
    policy: Callable[..., Document]
    timeout_seconds: int
    memory_mib: int = 256
    max_event_age_seconds: int | None = None
    variables: Callable[..., Mapping[str, Any]] = dict
    shortening: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> tuple[str, ...]:
        """What it is shipped with: the module of its handler, and what that imports of this package."""
        return function_files(self.handler)


LONGEST_ENVIRONMENT = 4096
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def require_environment_fits(variables: Mapping[str, Any], shortening: Mapping[str, str]) -> None:
    """Refuse environment variables that AWS Lambda has no room for; it measures them as JSON.

    Args:
        variables: The variables; what an engine knows later counts for nothing.
        shortening: How a variable becomes shorter.

    Raises:
        ValueError: If they are longer than 4 KB together.

    Example:
        >>> require_environment_fits({"BODY": "x" * 4096}, {"BODY": "by fewer statements"})
        Traceback (most recent call last):
        ValueError: the environment variables of a function have 4107 bytes, BODY 4096 of them: AWS Lambda\
 takes 4096 at most; make BODY shorter, by fewer statements
    """
    known = {name: value if isinstance(value, str) else "" for name, value in variables.items()}
    if (length := len(json.dumps(known, separators=(",", ":")).encode())) > LONGEST_ENVIRONMENT:
        longest = max(known, key=lambda name: len(known[name]))
        advice = f", {shortening[longest]}" if longest in shortening else ""
        raise ValueError(
            f"the environment variables of a function have {length} bytes, {longest} {len(known[longest])} of"
            f" them: AWS Lambda takes {LONGEST_ENVIRONMENT} at most; make {longest} shorter{advice}"
        )
