"""Groups of verbs, each of which refuses options and arguments that are empty."""

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand


class Verbs(typer.Typer):
    """A group of verbs."""

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        """As of typer, for a verb that refuses what is empty."""
        return super().command(name, cls=_Verb, **settings)


class _Verb(TyperCommand):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse an empty value, which would become the current directory where a path is wanted."""
        given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        parameters: list[Any] = list(self.params)
        for parameter in parameters:
            value = given.get(str(parameter.name))
            if value == "" or (isinstance(value, list | tuple) and "" in value):
                problem = "it is empty: give a value (is a variable of your shell unset?)"
                raise typer.BadParameter(problem, ctx=ctx, param=parameter)
        return super().parse_args(ctx, args)
