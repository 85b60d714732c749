"""A device that registered, as AWS IoT and the allow list have it, and what is left of it."""

import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

from tests.support.allow_list_command import NAME


@dataclass(frozen=True)
class Device:
    """A device with what it holds; ``quarantine`` is a group for it that is not its own."""

    emulator: Any
    serial_number: str
    thing_name: str
    certificate_id: str
    certificate_arn: str
    quarantine: str

    @property
    def iot(self):
        return self.emulator.client("iot")

    @property
    def record(self):
        key = {"serial_number": {"S": self.serial_number}}
        return self.emulator.client("dynamodb").get_item(TableName=NAME, Key=key)["Item"]


@dataclass(frozen=True)
class State:
    """What a device has: whether its record is blocked, and what AWS IoT has of it."""

    blocked: bool
    status: str
    policies: frozenset[str]
    groups: frozenset[str]
    principals: frozenset[str]


def a_registered_device(emulator, table, **attributes):
    """A device with an active certificate, two policies, and a thing in two groups."""
    iot, name = emulator.client("iot"), uuid.uuid4().hex[:8]
    certificate = iot.create_keys_and_certificate(setAsActive=True)
    arn = certificate["certificateArn"]
    document = json.dumps({"Version": "2012-10-17", "Statement": []})
    for policy in (f"device-{name}", f"site-{name}"):
        iot.create_policy(policyName=policy, policyDocument=document)
        iot.attach_policy(policyName=policy, target=arn)
    thing = f"sensor-{name}"
    iot.create_thing(thingName=thing)
    iot.attach_thing_principal(thingName=thing, principal=arn)
    for group in (f"lab-{name}", f"line-{name}", f"quarantine-{name}"):
        iot.create_thing_group(thingGroupName=group)
    for group in (f"lab-{name}", f"line-{name}"):
        iot.add_thing_to_thing_group(thingName=thing, thingGroupName=group)
    record = {
        "serial_number": {"S": name},
        "certificate_id": {"S": certificate["certificateId"]},
        "reserved_at": {"N": str(int(time.time()) - 60)},
        **attributes,
    }
    table.put_item(TableName=NAME, Item=record)
    return Device(emulator, name, thing, certificate["certificateId"], arn, f"quarantine-{name}")


def state_of(device):
    """What a device has now; of what is detached, AWS IoT lets go a little later."""
    iot = device.iot
    for _ in range(4):
        policies = iot.list_attached_policies(target=device.certificate_arn)["policies"]
    description = iot.describe_certificate(certificateId=device.certificate_id)["certificateDescription"]
    groups = iot.list_thing_groups_for_thing(thingName=device.thing_name)["thingGroups"]
    return State(
        blocked=device.record.get("blocked", {"BOOL": False})["BOOL"],
        status=description["status"],
        policies=frozenset(policy["policyName"] for policy in policies),
        groups=frozenset(group["groupName"] for group in groups),
        principals=frozenset(iot.list_thing_principals(thingName=device.thing_name)["principals"]),
    )
