"""Policies of a thing's groups, and of those above them, count too; MiniStack asks the certificate's only.

They count for a certificate that is attached to the thing whose name its client id is.

https://docs.aws.amazon.com/iot/latest/developerguide/thing-groups.html
https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html
"""

from collections.abc import Iterator
from typing import Any


def install(iot: Any) -> None:
    """Let policies of groups allow, and deny, what those of certificates do."""
    allows = iot._mqtt_policy_allows

    def allows_with_groups(
        account: str, region: str, certificate_id: str, context: Any, action: str, resource: str, *claim: Any
    ) -> bool:
        with iot.request_scope(account, region):
            record = iot._certificates.get(certificate_id) or {}
            names = [*record.get("attachedPolicies", ()), *_of_groups(iot, context.get(THING_NAME))]
            if names == record.get("attachedPolicies", []):
                return bool(allows(account, region, certificate_id, context, action, resource, *claim))
            iot._certificates[certificate_id] = {**record, "attachedPolicies": names}
            try:
                return bool(allows(account, region, certificate_id, context, action, resource, *claim))
            finally:
                iot._certificates[certificate_id] = record

    iot._mqtt_policy_allows = allows_with_groups


THING_NAME = "iot:connection.thing.thingname"


def _of_groups(iot: Any, thing_name: str | None) -> Iterator[str]:
    """The names of the policies of the groups that a thing is in."""
    for group in (iot._things.get(thing_name) or {}).get("thingGroupNames", ()):
        above: str | None = group
        while above:
            arn = iot._thing_group_arn(above)
            yield from (name for name, each in iot._policies.items() if arn in each.get("targets", ()))
            above = (iot._thing_groups.get(above) or {}).get("thingGroupMetadata", {}).get("parentGroupName")
