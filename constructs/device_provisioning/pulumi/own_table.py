"""Whether a table of your own can hold an allow list, as soon as the program knows it."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from ..fleet.own_table import place_of, require_one_copy, require_same_place, require_table_of_list
from .documents import as_far_as_known
from .environment import environment_of


def fitting_table_arn(component: pulumi.ComponentResource, table: aws.dynamodb.Table) -> pulumi.Output[str]:
    """The ARN of a table, if it can hold a list.

    Args:
        component: The list.
        table: The table.
    """

    def checked(known: Mapping[str, Any]) -> str:
        types = {entry["name"]: entry["type"] for entry in known["attributes"] or []}
        require_table_of_list(known["hash_key"], known["range_key"], types)
        require_one_copy([replica["region_name"] for replica in known["replicas"] or []])
        if place := place_of(known["arn"]):
            require_same_place(place, known["here"])
        return str(known["arn"])

    return pulumi.Output.all(
        arn=table.arn,
        hash_key=table.hash_key,
        range_key=as_far_as_known(table.range_key),
        attributes=table.attributes,
        replicas=as_far_as_known(table.replicas),
        here=environment_of(component),
    ).apply(checked)
