"""The verb ``rules``."""

from typing import Annotated

import typer

from ..console.problems import reporting_problems


def rules(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="One rule, such as DP005; all by default.")
    ] = None,
) -> None:
    """Show all rules, or the page of one.

    A page says what the rule finds, why, how it looks wrong and right, and what to do about it.

    Exit status: 0, or 2 when there is no such rule.
    """
    from ..console.sources import UnreadableError
    from ..lint.every_rule import EVERY_RULE
    from ..lint.rule_pages import page_of_rule

    if code is None:
        for each in EVERY_RULE.values():
            typer.echo(f"{each.code}  {each.severity:<7}  {each.title}")
        return
    with reporting_problems():
        page = page_of_rule(code.upper())
        if page is None:
            raise UnreadableError(f"there is no rule {code}: device-provisioning rules lists them all")
        typer.echo(page, nl=False)
