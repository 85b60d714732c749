"""Billing groups, which MiniStack lacks: of things, and of devices that register.

A device whose template names a group that does not exist is refused. What becomes of a thing that has another
billing group is documented nowhere: here it gets that of the template.

https://docs.aws.amazon.com/iot/latest/developerguide/billing-groups.html
https://docs.aws.amazon.com/iot/latest/apireference/API_CreateBillingGroup.html
https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html
"""

import json
import uuid
from typing import Any

PATH = "/billing-groups"
PROPERTY = "BillingGroup"


def install(iot: Any) -> None:
    """Add the operations, the property of templates, and the type of CloudFormation."""
    from ministack.services.cloudformation import provisioners

    groups = BillingGroups(iot)
    route = iot._route_request

    async def route_with_groups(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if path.startswith(PATH):
            return groups.answer(method, path.removeprefix(PATH).strip("/"), json.loads(body or b"{}"))
        return await route(method, path, headers, body, query)

    iot._route_request = route_with_groups
    _show_in_things(iot, groups)
    _register_in_groups(iot, groups)
    provisioners._RESOURCE_HANDLERS["AWS::IoT::BillingGroup"] = {
        "create": groups.create_resource,
        "delete": groups.delete_resource,
    }


class BillingGroups:
    """The billing groups of every account and Region, and the things in them."""

    def __init__(self, iot: Any) -> None:
        self._iot = iot
        self._groups: Any = iot.AccountRegionScopedDict()
        self._of_things: Any = iot.AccountRegionScopedDict()

    def arn(self, name: str) -> str:
        """The ARN of a group."""
        return str(self._iot._thing_group_arn(name)).replace(":thinggroup/", ":billinggroup/")

    def of(self, thing: str) -> str | None:
        """The billing group of a thing; none without."""
        name: str | None = self._of_things.get(thing)
        return name

    def is_there(self, name: str) -> bool:
        """Whether there is such a group."""
        return name in self._groups

    def add(self, name: str, thing: str) -> None:
        """Put a thing into a group, out of the one that it was in."""
        self._of_things[thing] = name

    def remove(self, thing: str) -> None:
        """Take a thing out of its group."""
        self._of_things.pop(thing, None)

    def answer(self, method: str, path: str, asked: dict[str, Any]) -> Any:
        """Answer the operations of billing groups."""
        match method, path.split("/"):
            case "PUT", ["addThingToBillingGroup"]:
                return self._added(asked)
            case "PUT", ["removeThingFromBillingGroup"]:
                self.remove(asked["thingName"])
                return self._iot.json_response({})
            case "GET", [_, "things"] | [""] as asked_for:
                return self._iot.json_response(self._listed(*asked_for))
            case "POST", [name]:
                if problem := self._iot._validate_name(name, "billingGroupName"):
                    return problem
                return self._iot.json_response(self._created(name, asked))
            case "GET", [name] if self.is_there(name):
                return self._iot.json_response(self._groups[name])
            case "DELETE", [name]:
                self._groups.pop(name, None)
                return self._iot.json_response({})
        return self._iot._error_not_found("BillingGroup", path)

    def create_resource(self, logical_id: str, properties: Any, stack_name: str) -> Any:
        """Create what CloudFormation asks for."""
        name = properties.get("BillingGroupName") or f"{stack_name}-{logical_id}"
        made = self._created(name, {})
        return name, {"Arn": made["billingGroupArn"], "Id": made["billingGroupId"]}

    def delete_resource(self, physical_id: str, _properties: Any) -> None:
        """Delete what CloudFormation asks for."""
        self._groups.pop(physical_id, None)

    def _listed(self, name: str, *_things: str) -> dict[str, Any]:
        if name:
            return {"things": [thing for thing in self._of_things if self.of(thing) == name]}
        return {"billingGroups": [{"groupName": each, "groupArn": self.arn(each)} for each in self._groups]}

    def _created(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        made = {
            "billingGroupName": name,
            "billingGroupArn": self.arn(name),
            "billingGroupId": str(uuid.uuid4()),
        }
        if not self.is_there(name):
            properties = asked.get("billingGroupProperties", {})
            self._groups[name] = {**made, "version": 1, "billingGroupProperties": properties}
        return {key: self._groups[name][key] for key in made}

    def _added(self, asked: dict[str, Any]) -> Any:
        name, thing = asked["billingGroupName"], asked["thingName"]
        if not self.is_there(name) or thing not in self._iot._things:
            return self._iot._error_not_found("AddThingToBillingGroup", name)
        self.add(name, thing)
        return self._iot.json_response({})


def _show_in_things(iot: Any, groups: BillingGroups) -> None:
    describe, create, delete = iot._describe_thing, iot._create_thing, iot._delete_thing

    def describe_with_group(name: str) -> Any:
        answer = describe(name)
        group = groups.of(name)
        return iot.json_response({**json.loads(answer[2]), "billingGroupName": group}) if group else answer

    def create_in_group(name: str, payload: dict[str, Any]) -> Any:
        group = payload.get("billingGroupName")
        if group and not groups.is_there(group):
            return iot._error_not_found("BillingGroup", group)
        answer = create(name, payload)
        if group and answer[0] == 200:
            groups.add(group, name)
        return answer

    def delete_from_group(name: str, *expected: Any) -> Any:
        answer = delete(name, *expected)
        if answer[0] == 200:
            groups.remove(name)
        return answer

    iot._describe_thing, iot._create_thing, iot._delete_thing = (
        describe_with_group,
        create_in_group,
        delete_from_group,
    )


def _register_in_groups(iot: Any, groups: BillingGroups) -> None:
    apply = iot._apply_provisioning_plan

    async def apply_in_group(planned: dict[str, Any], certificate: Any, role_arn: str) -> Any:
        group = planned["thing"] and planned["thing"][0].get(PROPERTY)
        if group:
            _require_group(iot, groups, group, role_arn)
        name = await apply(planned, certificate, role_arn)
        if group:
            groups.add(group, name)
        return name

    iot._apply_provisioning_plan = apply_in_group


def _require_group(iot: Any, groups: BillingGroups, name: str, role_arn: str) -> None:
    if not groups.is_there(name):
        raise iot._provisioning_failed(f"billing group {name} not found")
    asked = [("iot:AddThingToBillingGroup", groups.arn(name)), ("iot:DescribeBillingGroup", groups.arn(name))]
    if not iot._provisioning_role_allows(role_arn, asked):
        raise iot._ProvisioningRejected("AccessDenied", "Access Denied", 403)
