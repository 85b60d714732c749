"""A provisioning template as it is declared, where CloudFormation's own resource can't promise it.

A body is one version only, the declared one is the default, a hook that is not declared is gone, and there is
room for the versions that the next change makes, and its roll-back.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .certificates import client, gone_is_fine
from .cloudformation import Outcome

MOST_VERSIONS = 5
KEPT_VERSIONS = 3
"""A change makes a version and its roll-back another: with three kept, both fit into AWS IoT's five."""


@dataclass(frozen=True)
class Version:
    """A version of a template; ``body`` is what its text says."""

    version_id: int
    body: Any


def handle(event: dict[str, Any], _seconds_left: Callable[[], float]) -> Outcome:
    """Bring the template to what is declared; its own resource creates and deletes it."""
    properties = event["ResourceProperties"]
    if event["RequestType"] == "Delete":
        return Outcome(event["PhysicalResourceId"])
    Template(client("iot"), properties["TemplateName"]).declare(
        properties["TemplateBody"], properties.get("PreProvisioningHook")
    )
    return Outcome(f"declared-state-of-{properties['TemplateName']}")


class Template:
    """A deployed template.

    Args:
        iot: An AWS IoT client.
        name: The template's name.
    """

    def __init__(self, iot: Any, name: str) -> None:
        self._iot = iot
        self._name = name

    def declare(self, body: str, hook: dict[str, str] | None) -> None:
        """Make the body the default version, set or remove the hook in the same call, then make room."""
        described = self._iot.describe_provisioning_template(templateName=self._name)
        default, versions = described["defaultVersionId"], self._versions()
        wanted = version_of(json.loads(body), versions)
        if wanted is None:
            made = self._add(body, default, versions)
            # An event that is delivered twice at once may have added it twice: both take the earlier one.
            wanted = version_of(json.loads(body), self._versions()) or made
        changes: dict[str, Any] = {} if wanted == default else {"defaultVersionId": wanted}
        changes |= hook_changes(hook, described.get("preProvisioningHook"))
        if changes:
            self._iot.update_provisioning_template(templateName=self._name, **changes)
        for version_id in superfluous(wanted, self._versions()):
            self._delete(version_id)

    def _versions(self) -> list[Version]:
        pages = self._iot.get_paginator("list_provisioning_template_versions").paginate(
            templateName=self._name
        )
        return [
            Version(version["versionId"], body)
            for page in pages
            for version in page["versions"]
            if (body := self._body(version["versionId"])) is not None
        ]

    def _body(self, version_id: int) -> Any:
        """The body of a version; none if another delivery has deleted it meanwhile."""
        with gone_is_fine():
            version = self._iot.describe_provisioning_template_version(
                templateName=self._name, versionId=version_id
            )
            return json.loads(version["templateBody"])
        return None

    def _add(self, body: str, default: int, versions: list[Version]) -> int:
        if len(versions) >= MOST_VERSIONS:
            self._delete(min(version.version_id for version in versions if version.version_id != default))
        made = self._iot.create_provisioning_template_version(
            templateName=self._name, templateBody=body, setAsDefault=False
        )
        return int(made["versionId"])

    def _delete(self, version_id: int) -> None:
        with gone_is_fine():
            self._iot.delete_provisioning_template_version(templateName=self._name, versionId=version_id)


def version_of(body: Any, versions: list[Version]) -> int | None:
    """The earliest version with this body, whatever later copies there are; none if there is none."""
    return min((version.version_id for version in versions if version.body == body), default=None)


def hook_changes(declared: dict[str, str] | None, attached: dict[str, str] | None) -> dict[str, Any]:
    """What an update has to say of the hook: AWS IoT keeps one until it is told to remove it."""
    if declared is None:
        return {"removePreProvisioningHook": True} if attached else {}
    wanted = {"payloadVersion": declared["PayloadVersion"], "targetArn": declared["TargetArn"]}
    return {} if attached == wanted else {"preProvisioningHook": wanted}


def superfluous(default: int, versions: list[Version]) -> list[int]:
    """The versions to delete: copies of a body that is kept, and what is older than the newest kept ones."""
    bodies = {version.version_id: version.body for version in versions}
    kept = [default]
    for version_id in sorted(bodies.keys() - {default}, reverse=True):
        if len(kept) < KEPT_VERSIONS and bodies[version_id] not in [bodies[other] for other in kept]:
            kept.append(version_id)
    return sorted(bodies.keys() - set(kept))
