"""The options of every verb that talks to AWS."""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Annotated, Any

import typer

from ..console.aws_place import chosen

Region = Annotated[
    str | None,
    typer.Option(
        metavar="REGION", help="The Region; by default AWS_REGION, AWS_DEFAULT_REGION or the profile's."
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The profile of the AWS CLI whose credentials are used."),
]
OPTIONS = {"region": Region, "profile": Profile}


def talks_to_aws(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the options ``--region`` and ``--profile``, for all calls that it makes.

    Args:
        verb: The verb.
    """

    @wraps(verb)
    def talking(*args: Any, region: str | None = None, profile: str | None = None, **options: Any) -> Any:
        with chosen(region, profile):
            return verb(*args, **options)

    own = signature(verb)
    added = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in OPTIONS.items()
    ]
    shown = own.replace(parameters=[*own.parameters.values(), *added])
    talking.__annotations__ = {**verb.__annotations__, **OPTIONS}
    setattr(talking, "__signature__", shown)  # noqa: B010  # what typer reads
    return talking
