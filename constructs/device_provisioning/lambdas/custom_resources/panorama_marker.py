"""The tag of a Panorama device that says what made it, and as what."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

TAG = "device-provisioning:made-by"
# What AWS Panorama changes of a device never: a change takes another device.
FIXED = ("Name", "NetworkingConfiguration")


@dataclass(frozen=True)
class Marker:
    """What made a device.

    Args:
        request: The request that made it, which may be delivered more than once.
        delivery: The delivery of that request.
        resource: What it belongs to, such as a resource of a stack.
        fixed: Its name and its network.
    """

    request: str
    delivery: str
    resource: str
    fixed: str

    @classmethod
    def of(cls, request_id: str, resource: str, wanted: Mapping[str, Any]) -> Self:
        """The marker of a device that is about to be made."""
        return cls(request_id, uuid.uuid4().hex, _hash(resource), _hash(fixed_of(wanted)))

    @classmethod
    def on(cls, device: Mapping[str, Any]) -> Self | None:
        """The marker that a device has, if it has one."""
        words = str((device.get("Tags") or {}).get(TAG, "")).split()
        return cls(*words) if len(words) == len(cls.__dataclass_fields__) else None

    def same_request(self, other: Self | None) -> bool:
        """Whether another device is of the same request."""
        return other is not None and other.request == self.request

    def same_device(self, other: Self | None) -> bool:
        """Whether another device is what this one is to be."""
        return other is not None and (other.resource, other.fixed) == (self.resource, self.fixed)

    def __str__(self) -> str:
        return f"{self.request} {self.delivery} {self.resource} {self.fixed}"


def fixed_of(device: Mapping[str, Any]) -> dict[str, Any]:
    """What can't be changed of a device."""
    return {name: device.get(name) for name in FIXED}


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
