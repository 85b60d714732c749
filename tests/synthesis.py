"""What the tests of CDK constructs share."""

import json
import re
from collections.abc import Callable
from typing import Any

from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

IRELAND = Environment(account="111122223333", region="eu-west-1")


def a_stack(name: str = "Stack", env: Environment | None = IRELAND) -> Stack:
    """An empty stack; of a known account and Region, so that ARNs can be read."""
    return Stack(App(), name, env=env)


def synthesised(define: Callable[[Stack], Any]) -> Template:
    """The template of a stack that holds what ``define`` adds to it."""
    stack = a_stack()
    define(stack)
    return Template.from_stack(stack)


def only(template: Template, resource_type: str) -> dict[str, Any]:
    """The one resource of a type, with its properties and its order, as it is in the partition ``aws``."""
    (resource,) = template.find_resources(resource_type).values()
    return in_partition_aws(resource)


def in_partition_aws(value: Any) -> Any:
    """The value with the partition put in, and with every text joined that is known then."""
    if value == {"Ref": "AWS::Partition"}:
        return "aws"
    if isinstance(value, list):
        return [in_partition_aws(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    resolved = {key: in_partition_aws(inner) for key, inner in value.items()}
    match resolved:
        case {"Fn::Join": [str() as delimiter, [*parts]]} if all(isinstance(part, str) for part in parts):
            return delimiter.join(parts)
    return resolved


def properties(template: Template, resource_type: str) -> dict[str, Any]:
    """The properties of the one resource of a type."""
    return only(template, resource_type)["Properties"]


def roles_of(template: Template, service: str) -> list[dict[str, Any]]:
    """The properties of every role that a service may assume."""
    roles = [in_partition_aws(role) for role in template.find_resources("AWS::IAM::Role").values()]
    trusts = [(role["Properties"], str(role["Properties"]["AssumeRolePolicyDocument"])) for role in roles]
    return [role for role, trust in trusts if f"'{service}'" in trust]


def readable(template: Template) -> dict[str, Any]:
    """A template to compare with a snapshot: hashes of assets masked, JSON in strings as what it is."""
    masked = re.sub(r"\b[0-9a-f]{64}\b", "HASH", json.dumps(template.to_json()))
    document = json.loads(masked)
    for section in ("Parameters", "Rules"):
        document.pop(section, None)
    for resource in document["Resources"].values():
        _unfold(resource.get("Properties", {}))
    return document


def _unfold(values: dict[str, Any]) -> None:
    for name in ("TemplateBody", "Device", "Devices"):
        if isinstance(values.get(name), str):
            values[name] = json.loads(values[name])
