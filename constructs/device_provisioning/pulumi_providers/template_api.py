"""The calls that apply the settings of a provisioning template."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..aws_iot.limits import HOOK_PAYLOAD_VERSION
from ..lambdas.custom_resources.authority_template import NOT_YET, SECONDS_BETWEEN
from ..lambdas.custom_resources.certificates import GONE, is_error
from ..lambdas.custom_resources.declared_template import Template as DeclaredTemplate
from .reasons import Reason

SECONDS_FOR_A_ROLE = 60


class TemplateApi:
    """One template.

    Args:
        iot: An AWS IoT client.
        settings: The settings that the template has or gets.
    """

    def __init__(self, iot: Any, settings: Mapping[str, Any]) -> None:
        self._iot = iot
        self._settings = settings
        self._name = settings["template_name"]

    def create(self) -> None:
        """Create the template; wait for a role that AWS IoT does not see yet.

        A create whose answer was lost finds its template: of the same name, role, body, hook and settings.

        Raises:
            RuntimeError: If the name is in use for another template.
            ClientError: If AWS IoT refuses the template.
        """
        hook = self._hook()
        request = {
            "templateName": self._name,
            "type": self._settings["template_type"],
            "templateBody": self._settings["template_body"],
            "enabled": self._settings["enabled"],
            "provisioningRoleArn": self._settings["provisioning_role_arn"],
            "description": self._settings["description"],
            "tags": _tag_list(self._settings["tags"]),
            **({"preProvisioningHook": hook} if hook else {}),
        }
        try:
            _once_the_role_is_seen(self._iot.create_provisioning_template, **request)
        except ClientError as error:
            if not is_error(error, "ResourceAlreadyExistsException"):
                raise
            if not self._is_made():
                raise RuntimeError(Reason.NAME_IN_USE.format(error=error, name=self._name)) from error

    def _is_made(self) -> bool:
        found = self.read()
        found_type = self._iot.describe_provisioning_template(templateName=self._name)["type"]
        wanted = {name: self._settings[name] for name in found}
        return found == wanted and bool(found_type == self._settings["template_type"])

    def update(self) -> None:
        """Change what is not as it was; when that fails, the template is again as it was found.

        As ``create`` it waits for a role that AWS IoT does not see yet.

        Raises:
            ClientError: If AWS IoT refuses a change.
            BotoCoreError: If AWS IoT can't be reached.
            RuntimeError: If what was changed until then could not be taken back.
        """
        found = self.read()
        try:
            self._declare(self._settings)
        except (ClientError, BotoCoreError) as error:
            self._take_back(found, error)
            raise

    def read(self) -> dict[str, Any]:
        """The settings that AWS IoT knows, as they are there."""
        found = self._iot.describe_provisioning_template(templateName=self._name)
        body = found["templateBody"]
        return {
            "template_body": self._settings["template_body"] if self._is_same(body) else body,
            "enabled": found.get("enabled", False),
            "description": found.get("description", ""),
            "provisioning_role_arn": found["provisioningRoleArn"],
            "hook_arn": found.get("preProvisioningHook", {}).get("targetArn", ""),
            "tags": self._tags(found["templateArn"]),
        }

    def delete(self) -> None:
        """Delete the template; one that is gone already is fine."""
        try:
            self._iot.delete_provisioning_template(templateName=self._name)
        except ClientError as error:
            if not is_error(error, GONE):
                raise

    def _declare(self, settings: Mapping[str, Any]) -> None:
        _once_the_role_is_seen(
            self._iot.update_provisioning_template,
            templateName=self._name,
            description=settings["description"],
            enabled=settings["enabled"],
            provisioningRoleArn=settings["provisioning_role_arn"],
        )
        hook = {"PayloadVersion": HOOK_PAYLOAD_VERSION, "TargetArn": settings["hook_arn"]}
        DeclaredTemplate(self._iot, self._name).declare(
            settings["template_body"], hook if settings["hook_arn"] else None
        )
        self._tag(settings["tags"])

    def _take_back(self, found: Mapping[str, Any], cause: ClientError | BotoCoreError) -> None:
        try:
            self._declare(found)
        except (ClientError, BotoCoreError) as error:
            raise RuntimeError(
                Reason.NOT_TAKEN_BACK.format(cause=cause, error=error, name=self._name)
            ) from cause

    def _tags(self, arn: str) -> dict[str, str]:
        pages = self._iot.get_paginator("list_tags_for_resource").paginate(resourceArn=arn)
        tags = {tag["Key"]: tag["Value"] for page in pages for tag in page["tags"]}
        return {name: value for name, value in tags.items() if not name.startswith("aws:")}

    def _tag(self, tags: Mapping[str, str]) -> None:
        arn = self._iot.describe_provisioning_template(templateName=self._name)["templateArn"]
        present = self._tags(arn)
        if left := sorted(present.keys() - tags.keys()):
            self._iot.untag_resource(resourceArn=arn, tagKeys=left)
        if changed := {name: value for name, value in tags.items() if present.get(name) != value}:
            self._iot.tag_resource(resourceArn=arn, tags=_tag_list(changed))

    def _hook(self) -> dict[str, str] | None:
        arn = self._settings["hook_arn"]
        return {"payloadVersion": HOOK_PAYLOAD_VERSION, "targetArn": arn} if arn else None

    def _is_same(self, body: str) -> bool:
        # AWS IoT may write the same document in another way.
        try:
            return bool(json.loads(body) == json.loads(self._settings["template_body"]))
        except ValueError:
            return False


def _once_the_role_is_seen(call: Callable[..., Any], **request: Any) -> None:
    """Call AWS IoT, again while it does not see a new role, which takes seconds to be seen everywhere.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
    """
    deadline = time.monotonic() + SECONDS_FOR_A_ROLE
    while True:
        try:
            call(**request)
        except ClientError as error:
            if NOT_YET not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(SECONDS_BETWEEN)
        else:
            return


def _tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags.items()]
