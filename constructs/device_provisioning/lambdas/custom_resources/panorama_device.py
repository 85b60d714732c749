"""A device of AWS Panorama, which CloudFormation has no resource type for."""

import json
from collections.abc import Callable
from typing import Any

from .certificates import client
from .cloudformation import Failed, Outcome, respond
from .panorama_advice import advice, status_advice
from .panorama_api import PanoramaApi, Refused, Unanswered
from .panorama_archives import Archives, expires_at
from .panorama_marker import TAG, Marker, fixed_of
from .panorama_provisioning import Provisioning, delete_device, devices_made

Device = dict[str, Any]
NOT_MADE = "failed-"


def handler(event: dict[str, Any], context: Any) -> None:
    """The function that CloudFormation invokes."""
    respond(event, context, handle)


def handle(event: dict[str, Any], seconds_left: Callable[[], float]) -> Outcome:
    """Make, change, replace or delete the device."""
    properties = event["ResourceProperties"]
    api = PanoramaApi(properties.get("EndpointUrl", ""))
    archives = Archives(client("s3"), properties["ArchiveBucketName"])
    wanted: Device = json.loads(properties["Device"])
    resource = f"{event['StackId']}/{event['LogicalResourceId']}"
    marker = Marker.of(event["RequestId"], resource, wanted)
    try:
        match event["RequestType"]:
            case "Delete":
                delete(api, archives, event["PhysicalResourceId"], wanted["Name"])
                return Outcome(event["PhysicalResourceId"])
            case "Update":
                before = json.loads(event["OldResourceProperties"]["Device"])
                device = _standing(api, marker, event["PhysicalResourceId"], before, wanted)
            case _:
                device = None
        if device:
            bring_up_to_date(api, device, wanted)
        else:
            device = Provisioning(api, archives, marker, seconds_left).one_device(wanted)
        return Outcome(device["DeviceId"], described(archives, api.describe_device(device["DeviceId"])))
    except (Refused, Unanswered) as problem:
        raise Failed(advice(problem)) from None


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


def delete(api: PanoramaApi, archives: Archives, physical_id: str, name: str) -> None:
    """Delete a device with its archive, or what a request that failed left behind."""
    if physical_id.startswith(NOT_MADE):
        request = physical_id.removeprefix(NOT_MADE)
        left = devices_made(api, name, lambda marker: marker is not None and marker.request == request)
        device_ids = [device["DeviceId"] for device in left]
    else:
        device_ids = [physical_id]
    for device_id in device_ids:
        delete_device(api, device_id)
        archives.delete(name, device_id)


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
