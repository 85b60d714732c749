"""A pre-provisioning template as a custom resource: its physical id is its template id."""

import json
from typing import Any

from ...iotda.client import IotdaClient
from ..custom_resources.cloudformation import Outcome


def handle(client: IotdaClient, event: dict[str, Any], is_new: bool) -> Outcome:
    """Create, change or delete the template.

    A new name or instance takes a new template, and so does one that is gone: CloudFormation deletes the old
    one afterwards.
    """
    properties = event["ResourceProperties"]
    if event["RequestType"] == "Delete":
        return _delete(client, event["PhysicalResourceId"])
    name, description = properties["TemplateName"], properties.get("Description")
    body = json.loads(properties["TemplateBody"])
    is_renamed = not is_new and event["OldResourceProperties"]["TemplateName"] != name
    if is_new or is_renamed or not client.templates.exists(event["PhysicalResourceId"]):
        return Outcome(client.templates.create(name, body, description)["template_id"])
    return Outcome(client.templates.update(event["PhysicalResourceId"], body, description)["template_id"])


def _delete(client: IotdaClient, template_id: str) -> Outcome:
    # A create that failed has no template of its own, and one of the same name may be somebody else's.
    if not template_id.startswith("failed-"):
        client.templates.delete(template_id)
    return Outcome(template_id)
