"""Changes of a deployed template: shown, asked for, made."""

from collections.abc import Callable, Sequence
from typing import Any

from ..console.sources import UnreadableError
from ..console.text import printable
from .deployed_template import DeployedTemplate
from .differences import differences

Call = tuple[str, dict[str, Any]]
Agree = Callable[[Sequence[Call], str], bool]
"""Whether calls are to be made, with the question to ask."""


def roll_back(name: str, to: int | None, agree: Agree) -> None:
    """Make an earlier version the default.

    Raises:
        UnreadableError: If there is no earlier version, if another one became the default meanwhile, or if
            AWS refuses.
    """
    template = DeployedTemplate(name)
    default = template.default
    wanted = template.version(_earlier(template) if to is None else to)
    if wanted == default:
        print(f"version {wanted.version_id} is already the default")
        return
    for line in differences(default.body, wanted.body):
        print(printable(line))
    change = {"templateName": name, "defaultVersionId": wanted.version_id}
    question = f"Make version {wanted.version_id} of {name} the default instead of {default.version_id}?"
    if not agree([("update_provisioning_template", change)], question):
        return
    _require_default(name, default.version_id)
    try:
        template.calls.call("update_provisioning_template", **change)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_look(name)) from None
    print(f"version {wanted.version_id} is the default, until the next deployment sets its own")


def prune(name: str, agree: Agree) -> None:
    """Delete the versions that are not needed.

    Raises:
        UnreadableError: If the versions changed meanwhile, or AWS refuses: with what is deleted by then.
    """
    template = DeployedTemplate(name)
    unneeded = _unneeded(template)
    if not unneeded:
        print(f"nothing to delete: {name} has {len(template.versions)} versions")
        return
    listed = ", ".join(map(str, unneeded))
    calls: list[Call] = [
        ("delete_provisioning_template_version", {"templateName": name, "versionId": version_id})
        for version_id in unneeded
    ]
    if not agree(calls, f"Delete versions {listed} of {name}?"):
        return
    if _unneeded(_require_default(name, template.default.version_id)) != unneeded:
        raise UnreadableError(f"{name}: has other versions by now: nothing was deleted: check again")
    _delete(template, calls)
    print(f"deleted versions {listed}")


def _unneeded(template: DeployedTemplate) -> list[int]:
    from ..lambdas.custom_resources.declared_template import Version, superfluous

    versions = [Version(version.version_id, version.body) for version in template.versions]
    return list(superfluous(template.default.version_id, versions))


def _delete(template: DeployedTemplate, calls: Sequence[Call]) -> None:
    deleted: list[str] = []
    try:
        for operation, arguments in calls:
            template.calls.call(operation, **arguments)
            deleted.append(str(arguments["versionId"]))
    except UnreadableError as problem:
        raise UnreadableError(f"{problem}\n{_deleted(deleted)}") from None
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"{_deleted(deleted)}: {_look(template.name)}") from None


def _deleted(versions: Sequence[str]) -> str:
    return f"deleted versions {', '.join(versions)} before" if versions else "no version was deleted before"


def _look(name: str) -> str:
    return f"`device-provisioning template status {name}` shows what is done"


def _require_default(name: str, version_id: int) -> DeployedTemplate:
    """The template as it is now, after somebody thought about a question."""
    now = DeployedTemplate(name)
    if now.default.version_id != version_id:
        raise UnreadableError(
            f"{name}: version {now.default.version_id} became the default in the meantime: nothing was"
            " changed: check again"
        )
    return now


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
