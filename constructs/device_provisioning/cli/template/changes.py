"""Changes of a deployed template: shown, asked for, made."""

import json
from collections.abc import Sequence
from typing import Any

import typer

from ..aws_calls import AwsCalls
from ..formats import printable
from ..sources import UnreadableError
from .deployed_template import DeployedTemplate
from .differences import differences

Call = tuple[str, dict[str, Any]]


def roll_back(name: str, to: int | None, *, yes: bool, dry_run: bool) -> None:
    """Make an earlier version the default.

    Raises:
        UnreadableError: If there is no earlier version, or AWS refuses.
        typer.Exit: If the user says no.
    """
    template = DeployedTemplate(name)
    default = template.default
    wanted = template.version(_earlier(template) if to is None else to)
    if wanted == default:
        typer.echo(f"version {wanted.version_id} is the default already")
        return
    for line in differences(default.body, wanted.body):
        typer.echo(printable(line))
    change = {"templateName": name, "defaultVersionId": wanted.version_id}
    question = f"Make version {wanted.version_id} of {name} the default instead of {default.version_id}?"
    if _made(template.calls, [("update_provisioning_template", change)], question, yes=yes, dry_run=dry_run):
        typer.echo(f"version {wanted.version_id} is the default, until the next deployment sets its own")


def prune(name: str, *, yes: bool, dry_run: bool) -> None:
    """Delete the versions that are not needed.

    Raises:
        UnreadableError: If AWS refuses.
        typer.Exit: If the user says no.
    """
    from ...lambdas.custom_resources.declared_template import Version, superfluous

    template = DeployedTemplate(name)
    versions = [Version(version.version_id, version.body) for version in template.versions]
    unneeded = superfluous(template.default.version_id, versions)
    if not unneeded:
        typer.echo(f"nothing to delete: {name} has {len(versions)} versions")
        return
    listed = ", ".join(map(str, unneeded))
    calls: list[Call] = [
        ("delete_provisioning_template_version", {"templateName": name, "versionId": version_id})
        for version_id in unneeded
    ]
    if _made(template.calls, calls, f"Delete versions {listed} of {name}?", yes=yes, dry_run=dry_run):
        typer.echo(f"deleted versions {listed}")


def _earlier(template: DeployedTemplate) -> int:
    default = template.default
    earlier = [
        version.version_id
        for version in template.versions
        if version.version_id < default.version_id and version.body != default.body
    ]
    if not earlier:
        raise UnreadableError(
            f"{template.name}: no version before {default.version_id} has another body: give --to VERSION"
        )
    return max(earlier)


def _made(calls: AwsCalls, changes: Sequence[Call], question: str, *, yes: bool, dry_run: bool) -> bool:
    if dry_run:
        for operation, arguments in changes:
            typer.echo(f"{operation} {json.dumps(arguments)}")
        return False
    if not yes and not typer.confirm(question):
        raise typer.Exit(1)
    for operation, arguments in changes:
        calls.call(operation, **arguments)
    return True
