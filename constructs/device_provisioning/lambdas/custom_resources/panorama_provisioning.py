"""One device for one request, however often it is delivered and whatever gets lost on the way."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .panorama_api import PanoramaApi, Refused, Unanswered
from .panorama_archives import Archives, age_seconds
from .panorama_marker import TAG, Marker

ATTEMPTS = 3
# The longest that a delivery of a request can go on: the time limit of the function.
LONGEST_DELIVERY_SECONDS = 120.0
GONE = "ResourceNotFoundException"
Device = dict[str, Any]


@dataclass(frozen=True)
class Provisioning:
    """One delivery of one request.

    ProvisionDevice has no token that would make it repeatable, so a tag of the device says what made it.

    Args:
        api: The API.
        archives: Where archives are kept.
        marker: What makes the device.
        seconds_left: How many seconds are left.
    """

    api: PanoramaApi
    archives: Archives
    marker: Marker
    seconds_left: Callable[[], float]

    def one_device(self, wanted: Device) -> Device:
        """The device that this request made, or makes now.

        Raises:
            Refused: If the API refuses.
            Unanswered: If it does not answer.
            Failed: If it answers no archive.
        """
        name = wanted["Name"]
        for device in self._of_request(name):
            if self._is_complete(device):
                return device
            # What made it ended before the archive was kept, and nobody can ask for an archive again.
            delete_device(self.api, device["DeviceId"])
        answer = self._provision({**wanted, "Tags": {**wanted.get("Tags", {}), TAG: str(self.marker)}})
        device = self._settled(self.api.describe_device(answer["DeviceId"]))
        if device["DeviceId"] == answer["DeviceId"]:
            self._store(device, answer)
        return device

    def _provision(self, request: Device) -> Device:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self.api.provision_device(request)
            except Unanswered:
                for device in self._of_request(request["Name"]):
                    if Marker.on(device) == self.marker:
                        delete_device(self.api, device["DeviceId"])
                if attempt == ATTEMPTS or self.seconds_left() <= self.api.seconds_to_answer:
                    raise
        raise AssertionError

    def _settled(self, own: Device) -> Device:
        """Of all devices of this request the one that stays; what this delivery made besides is deleted."""
        for other in self._of_request(own["Name"]):
            if other["DeviceId"] == own["DeviceId"]:
                continue
            if Marker.on(other) == self.marker:
                delete_device(self.api, other["DeviceId"])
            elif _order(other) < _order(own):
                # Another delivery was first: it keeps its device and its archive.
                delete_device(self.api, own["DeviceId"])
                return other
        return own

    def _store(self, device: Device, answer: Device) -> None:
        try:
            self.archives.store(device["Name"], device["DeviceId"], answer)
        except Exception:
            delete_device(self.api, device["DeviceId"])
            raise

    def _is_complete(self, device: Device) -> bool:
        """Whether the archive is kept, or will be by another delivery that is still under way."""
        while not self.archives.holds(device["Name"], device["DeviceId"]):
            if age_seconds(device) > LONGEST_DELIVERY_SECONDS or self.seconds_left() <= 0:
                return False
            time.sleep(0.5)
        return True

    def _of_request(self, name: str) -> list[Device]:
        return devices_made(self.api, name, self.marker.same_request)


def devices_made(api: PanoramaApi, name: str, by: Callable[[Marker | None], bool]) -> list[Device]:
    """The devices of a name whose marker is the right one, the oldest first."""
    found = [_described(api, device["DeviceId"]) for device in list(api.devices_named(name))]
    return sorted([device for device in found if device and by(Marker.on(device))], key=_order)


def delete_device(api: PanoramaApi, device_id: str) -> None:
    """Delete a device; one that is gone already is fine."""
    try:
        api.delete_device(device_id)
    except Refused as refused:
        if refused.code != GONE:
            raise


def _described(api: PanoramaApi, device_id: str) -> Device | None:
    try:
        device = api.describe_device(device_id)
    except Refused as refused:
        if refused.code == GONE:
            return None
        raise
    return None if device.get("ProvisioningStatus") == "DELETING" else device


def _order(device: Device) -> tuple[Any, str]:
    return device["CreatedTime"], device["DeviceId"]
