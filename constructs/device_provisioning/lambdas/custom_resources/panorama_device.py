"""A device of AWS Panorama, which CloudFormation has no resource type for."""

import json
from collections.abc import Callable
from typing import Any

from ...records.denials import DENIALS
from .certificates import client
from .cloudformation import Failed, NotAllowed, Outcome
from .panorama_advice import advice, status_advice
from .panorama_api import PanoramaApi, Refused, Unanswered
from .panorama_archives import Archives, expires_at
from .panorama_marker import TAG, Marker, fixed_of
from .panorama_provisioning import Provisioning, delete_device, devices_made

Device = dict[str, Any]


def handle(event: dict[str, Any], seconds_left: Callable[[], float]) -> Outcome:
    """Make, change, replace or delete the device."""
    properties, physical_id = event["ResourceProperties"], event.get("PhysicalResourceId", "")
    api = PanoramaApi(properties.get("EndpointUrl", ""))
    archives = Archives(client("s3"), properties["ArchiveBucketName"])
    wanted, before = _device(properties), _device(event.get("OldResourceProperties", properties))

    def marker(device: Device) -> Marker:
        return Marker.of(event["RequestId"], f"{event['StackId']}/{event['LogicalResourceId']}", device)

    try:
        if event["RequestType"] == "Delete":
            delete(api, archives, physical_id, wanted["Name"])
            # Of a create that failed or was not heard of, CloudFormation has no device id.
            _delete_made(api, archives, wanted["Name"], marker(wanted))
            return Outcome(physical_id)
        device = _standing(api, marker(wanted), physical_id, before, wanted) if physical_id else None
        if device:
            bring_up_to_date(api, device, wanted)
        else:
            device = Provisioning(api, archives, marker(wanted), seconds_left).one_device(wanted)
        if device["DeviceId"] == physical_id and fixed_of(before) != fixed_of(wanted):
            # The roll-back of a replacement that was not heard of: nobody else will delete it.
            _delete_made(api, archives, before["Name"], marker(before))
        return Outcome(device["DeviceId"], described(archives, api.describe_device(device["DeviceId"])))
    except (Refused, Unanswered) as problem:
        denied = isinstance(problem, Refused) and problem.code in DENIALS
        raise (NotAllowed if denied else Failed)(advice(problem)) from None


def _device(properties: dict[str, Any]) -> Device:
    device: Device = json.loads(properties["Device"])
    return device


def _standing(
    api: PanoramaApi, marker: Marker, physical_id: str, before: Device, wanted: Device
) -> Device | None:
    """The device that an update changes; none if it takes another one."""
    if fixed_of(before) == fixed_of(wanted):
        return api.describe_device(physical_id)
    # A roll-back asks for what was before, and that device is still there.
    return next(iter(devices_made(api, wanted["Name"], marker.same_device)), None)


def bring_up_to_date(api: PanoramaApi, device: Device, wanted: Device) -> None:
    """Change description and tags of a device where they differ."""
    if device.get("Description", "") != wanted.get("Description", ""):
        api.update_device_metadata(device["DeviceId"], wanted.get("Description", ""))
    present = {key: value for key, value in (device.get("Tags") or {}).items() if key != TAG}
    tags = wanted.get("Tags", {})
    removed = sorted(key for key in present.keys() - tags.keys() if not key.startswith("aws:"))
    if removed:
        api.untag_resource(device["Arn"], removed)
    if changed := {key: value for key, value in tags.items() if present.get(key) != value}:
        api.tag_resource(device["Arn"], changed)


def delete(api: PanoramaApi, archives: Archives, device_id: str, name: str) -> None:
    """Delete a device with its archive; what is gone already is fine."""
    delete_device(api, device_id)
    archives.delete(name, device_id)


def _delete_made(api: PanoramaApi, archives: Archives, name: str, marker: Marker) -> None:
    for device in devices_made(api, name, marker.same_device):
        delete(api, archives, device["DeviceId"], name)


def described(archives: Archives, device: Device) -> dict[str, str]:
    """What may be read of a device: nothing of it is secret."""
    status, what_to_do = status_advice(device)
    return {
        "DeviceArn": device["Arn"],
        "DeviceId": device["DeviceId"],
        "ArchiveLocation": archives.location(device["Name"]),
        "ArchiveExpiresAt": expires_at(device),
        "Status": status,
        "Advice": what_to_do,
    }
