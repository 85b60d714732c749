"""A template as AWS IoT has it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from ..console.aws_calls import AwsCalls
from ..console.sources import UnreadableError


@dataclass(frozen=True)
class Version:
    """A version of a template.

    Args:
        version_id: Its number.
        created: When it was made.
        is_default: Whether devices get it.
        body: What its text says.
    """

    version_id: int
    created: datetime
    is_default: bool
    body: Any


class DeployedTemplate:
    """A template and its versions, read when they are asked for.

    Args:
        name: Its name.

    Raises:
        UnreadableError: If boto3 or a Region is missing; when something is read, if AWS refuses.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.calls = AwsCalls(name)

    @cached_property
    def description(self) -> Mapping[str, Any]:
        """What DescribeProvisioningTemplate answers."""
        return self.calls.call("describe_provisioning_template", templateName=self.name)

    @cached_property
    def versions(self) -> Sequence[Version]:
        """All versions, the newest first."""
        listed = self.calls.pages("list_provisioning_template_versions", "versions", templateName=self.name)
        versions = [self._version(entry["versionId"]) for entry in listed]
        return sorted(versions, key=lambda version: version.version_id, reverse=True)

    @property
    def default(self) -> Version:
        """The version that devices get."""
        return self.version(self.description["defaultVersionId"])

    def version(self, version_id: int) -> Version:
        """One version.

        Raises:
            UnreadableError: If there is none with this number.
        """
        for version in self.versions:
            if version.version_id == version_id:
                return version
        known = ", ".join(str(version.version_id) for version in self.versions)
        raise UnreadableError(f"{self.name}: has no version {version_id}: there are {known}")

    def _version(self, version_id: int) -> Version:
        answer = self.calls.call(
            "describe_provisioning_template_version", templateName=self.name, versionId=version_id
        )
        body = json.loads(answer["templateBody"])
        return Version(version_id, answer["creationDate"], answer["isDefaultVersion"], body)
