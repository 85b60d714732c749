"""Provisioning templates, as programs have them that don't use this library's components."""

from .iot import tags_by_arn
from .resource_type import Client, Properties, ResourceType, given, require_unchanged, tag_list


class ProvisioningTemplate(ResourceType):
    """``aws.iot.ProvisioningTemplate``."""

    pulumi_type = "aws:iot/provisioningTemplate:ProvisioningTemplate"
    required = frozenset({"provisioningRoleArn", "templateBody"})
    optional = frozenset({"description", "enabled", "name", "preProvisioningHook", "tags", "type"})
    replacing = frozenset({"name", "type"})
    computed = ("arn", "defaultVersionId")
    longest_name = 36

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it."""
        made = client("iot").create_provisioning_template(
            templateName=inputs["name"],
            templateBody=inputs["templateBody"],
            type=inputs.get("type", "FLEET_PROVISIONING"),
            tags=tag_list(inputs),
            **_template_settings(inputs),
        )
        return inputs["name"], {"arn": made["templateArn"], "defaultVersionId": made["defaultVersionId"]}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for it."""
        found = client("iot").describe_provisioning_template(templateName=id_)
        return {
            "arn": found["templateArn"],
            "defaultVersionId": found["defaultVersionId"],
            "description": found.get("description"),
            "enabled": found["enabled"],
            "provisioningRoleArn": found["provisioningRoleArn"],
            "templateBody": found["templateBody"],
        }

    def imported(self, client: Client, id_: str) -> tuple[str, Properties]:
        """By its name."""
        found = client("iot").describe_provisioning_template(templateName=id_)
        names = ("description", "preProvisioningHook", "provisioningRoleArn", "templateBody", "type")
        said = {name: found.get(name) for name in names}
        said["tags"] = tags_by_arn(client, found["templateArn"])
        return id_, {"name": id_, "enabled": found["enabled"], **given(said)}

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Change its settings, and make another body a new default version."""
        require_unchanged(inputs, before, "tags")
        client("iot").update_provisioning_template(templateName=id_, **_template_settings(inputs))
        if inputs["templateBody"] != before["templateBody"]:
            client("iot").create_provisioning_template_version(
                templateName=id_, templateBody=inputs["templateBody"], setAsDefault=True
            )

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it with its versions."""
        client("iot").delete_provisioning_template(templateName=id_)


def _template_settings(inputs: Properties) -> Properties:
    hook = inputs.get("preProvisioningHook")
    return {
        "description": inputs.get("description", ""),
        "enabled": inputs.get("enabled", False),
        "provisioningRoleArn": inputs["provisioningRoleArn"],
        **({"preProvisioningHook": hook} if hook else {}),
    }
