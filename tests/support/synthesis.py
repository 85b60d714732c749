"""What the tests of CDK constructs share."""

import json
import re
from collections.abc import Callable
from typing import Any

from aws_cdk import App, CfnElement, Environment, Stack
from aws_cdk.assertions import Template
from constructs import Construct

from device_provisioning import cdk
from tests.support.snapshot_text import as_yaml

_COMPONENTS = tuple(
    kind
    for kind in (getattr(cdk, name) for name in cdk.__all__)
    if isinstance(kind, type) and issubclass(kind, Construct)
)
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


def caretaker_statements(template: Template) -> dict[str, Any]:
    """What the caretaker may do for the one component of a template, by the ids of the statements."""
    (rights,) = [
        role["Properties"]["Policies"][0]["PolicyDocument"]
        for role in template.find_resources("AWS::IAM::Role").values()
        if role["Properties"]["Description"].startswith("The caretaker looks after")
    ]
    return {statement["Sid"]: in_partition_aws(statement) for statement in rights["Statement"]}


def own_part(define: Callable[[Stack], Any], *components: type[Construct]) -> str:
    """What components themselves add to a stack, to compare with a snapshot; of others the names only.

    Args:
        define: Adds them to the stack.
        components: The classes under test.
    """
    stack = a_stack()
    define(stack)
    document = readable(Template.from_stack(stack))
    owners = _owners(stack)
    resources = document["Resources"]
    others: dict[str, dict[str, str]] = {}
    for logical_id, owner in sorted(owners.items()):
        if logical_id in resources and owner is not None and not isinstance(owner, components):
            resource = resources.pop(logical_id)
            others.setdefault(owner.node.path, {})[logical_id] = resource["Type"]
    return as_yaml({**document, **({"Components": others} if others else {})})


def _owners(stack: Stack) -> dict[str, Any]:
    """The component that each resource belongs to, by logical id; ``None`` for what stands alone."""
    return {
        stack.resolve(element.logical_id): _owner(element)
        for element in stack.node.find_all()
        if isinstance(element, CfnElement)
    }


def _owner(element: CfnElement) -> Any:
    # The role of a template is beside it.
    beside = element.node.scope.node.try_find_child(element.node.id.removesuffix("Role") or "None")
    return next(
        (scope for scope in (beside, *reversed(element.node.scopes)) if isinstance(scope, _COMPONENTS)), None
    )


def readable(template: Template) -> dict[str, Any]:
    """A template to compare with a snapshot: what differs from run to run masked, texts as what they are."""
    masked = re.sub(r"\b[0-9a-f]{64}\b", "HASH", json.dumps(template.to_json()))
    masked = re.sub("-----BEGIN CERTIFICATE.*?END CERTIFICATE-----", "PEM", masked)
    document = _as_written(json.loads(masked))
    for section in ("Parameters", "Rules"):
        document.pop(section, None)
    for resource in document["Resources"].values():
        _unfold(resource.get("Properties", {}))
        _shorten(resource)
    return document


def _as_written(value: Any) -> Any:
    """Joined texts as ``Fn::Sub`` would have them."""
    if isinstance(value, list):
        return [_as_written(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    written = {key: _as_written(inner) for key, inner in value.items()}
    match written:
        case {"Fn::Join": ["", [*parts]]} if all(_placeholder(part) is not None for part in parts):
            return "".join(_placeholder(part) or "" for part in parts)
    return written


def _placeholder(part: Any) -> str | None:
    match part:
        case str():
            return part
        case {"Ref": str() as name}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [str() as name, str() as attribute]}:
            return f"${{{name}.{attribute}}}"
    return None


def _unfold(values: dict[str, Any]) -> None:
    for name in ("DashboardBody", "TemplateBody", "Device", "Devices"):
        if isinstance(values.get(name), str):
            values[name] = json.loads(values[name])


def _shorten(resource: dict[str, Any]) -> None:
    """Acknowledgements by the rule alone: ``test_cdk_quality`` looks at their reasons."""
    for tool, value in resource.get("Metadata", {}).items():
        for key, entries in value.items() if isinstance(value, dict) else ():
            if isinstance(entries, list):
                resource["Metadata"][tool][key] = [entry.get("id", entry) for entry in entries]
