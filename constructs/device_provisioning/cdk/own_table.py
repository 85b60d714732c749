"""Whether a table of your own can hold an allow list, as far as the app shows it."""

from typing import Any

from aws_cdk import CustomResource, Stack
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from ..aws_iot.environment import Environment
from ..fleet.own_table import place_of, require_one_copy, require_same_place, require_table_of_list
from .places import environment_of


def require_fitting_table(scope: Construct, table: dynamodb.ITable) -> None:
    """Refuse a table with another key, with replicas, or of another account or Region.

    Args:
        scope: The list.
        table: The table; the key of one that is imported is not known.

    Raises:
        ValueError: If the table can't hold a list.
    """
    # An imported table has the environment of the stack that imports it, whatever its ARN says.
    place = place_of(table.table_arn) or Environment(account=table.env.account, region=table.env.region)
    require_same_place(place, environment_of(scope))
    # A replica is a construct below its table.
    whole = table.node.scope if isinstance(table.node.scope, dynamodb.TableV2) else table
    resource = whole.node.default_child
    if isinstance(resource, dynamodb.CfnTable | dynamodb.CfnGlobalTable):
        resolve = Stack.of(whole).resolve
        keys = {key["keyType"]: key["attributeName"] for key in resolve(resource.key_schema)}
        require_table_of_list(keys.get("HASH"), keys.get("RANGE"), _types(resolve, resource))
        require_one_copy(_replica_regions(whole, resource))


def _replica_regions(table: Any, resource: Any) -> list[str]:
    if isinstance(resource, dynamodb.CfnGlobalTable):
        resolve, own = Stack.of(table).resolve, Stack.of(table).region
        return [
            str(replica["region"])
            for replica in resolve(resource.replicas)
            if replica["region"] != resolve(own)
        ]
    made = [child for child in table.node.children if isinstance(child, CustomResource)]
    return [child.node.id.removeprefix("Replica") for child in made]


def _types(resolve: Any, resource: Any) -> dict[str, str]:
    definitions = resolve(resource.attribute_definitions) or []
    return {entry["attributeName"]: entry["attributeType"] for entry in definitions}
