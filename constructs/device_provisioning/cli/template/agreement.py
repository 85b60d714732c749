"""What changes AWS is shown, asked for, or agreed to beforehand."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from ...console.activity import quiet
from ...console.exit_status import FAILED

if TYPE_CHECKING:
    from ...template_versions.changes import Agree, Call


def agreement(*, yes: bool, dry_run: bool) -> "Agree":
    """How a user agrees: by ``--yes`` or by an answer, and never to a dry run, which shows the calls."""

    def agree(calls: "Sequence[Call]", question: str) -> bool:
        if dry_run:
            for operation, arguments in calls:
                typer.echo(f"{operation} {json.dumps(arguments)}")
        elif not yes:
            with quiet():
                if not typer.confirm(question):
                    raise typer.Exit(FAILED)
        return not dry_run

    return agree
