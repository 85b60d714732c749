"""A device of AWS Panorama, made by Pulumi's process: its archive goes to a bucket and nowhere else."""

import math
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pulumi
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    UpdateResult,
)
from pulumi.runtime.rpc import UNKNOWN
from pydantic import ValidationError

from ..aws_iot.environment import Environment
from ..lambdas.custom_resources.panorama_advice import advice
from ..lambdas.custom_resources.panorama_api import PanoramaApi, Refused, Unanswered
from ..lambdas.custom_resources.panorama_archives import Archives
from ..lambdas.custom_resources.panorama_device import bring_up_to_date, delete, described
from ..lambdas.custom_resources.panorama_marker import TAG, Marker
from ..lambdas.custom_resources.panorama_provisioning import GONE, Provisioning
from ..panorama.device import PanoramaDeviceRequest, require_room_for_marker
from ..panorama.endpoint import require_endpoint
from .account import AccountProvider, difference, place

OUTPUTS = {
    "device_id": "DeviceId",
    "device_arn": "DeviceArn",
    "archive_location": "ArchiveLocation",
    "archive_expires_at": "ArchiveExpiresAt",
    "status": "Status",
    "advice": "Advice",
}
REQUEST = ("device_name", "description", "networking_configuration", "tags")
Properties = dict[str, Any]


class PanoramaDeviceProvider(AccountProvider):
    """Make, change, replace and delete a device."""

    def check(self, _olds: Properties, news: Properties) -> CheckResult:
        """Ask the limits of the API, once everything is known."""
        if UNKNOWN in str(news):
            return CheckResult(dict(news), [])
        return CheckResult(dict(news), [CheckFailure("", text) for text in _problems(news)])

    def diff(self, _id: str, _olds: Properties, _news: Properties) -> DiffResult:
        """Another name, network or endpoint is another device."""
        inputs = {name: value for name, value in _news.items() if name not in OUTPUTS}
        replacing = ("device_name", "networking_configuration", "endpoint_url")
        return difference(_olds, inputs, replacing=replacing)

    def create(self, props: Properties) -> CreateResult:
        """Make the device and keep its archive."""
        wanted = request_of(props).document()
        api, archives = self._api(props), self._archives(props)
        marker = Marker.of(str(uuid.uuid4()), props["belongs_to"], wanted)
        with _advising():
            made = Provisioning(api, archives, marker, lambda: math.inf).one_device(wanted)
            return CreateResult(made["DeviceId"], {**props, **_outputs(archives, made)})

    def update(self, _id: str, _olds: Properties, _news: Properties) -> UpdateResult:
        """Change description and tags."""
        api, archives = self._api(_news), self._archives(_news)
        with _advising():
            bring_up_to_date(api, api.describe_device(_id), request_of(_news).document())
            return UpdateResult({**_news, **_outputs(archives, api.describe_device(_id))})

    def read(self, id_: str, props: Properties) -> ReadResult:
        """Look how the device is by now."""
        with _advising():
            try:
                device = self._api(props).describe_device(id_)
            except Refused as refused:
                if refused.code == GONE:
                    return ReadResult("", {})
                raise
            found = {**props, **_live(device)}
            outputs = _outputs(self._archives(props), device)
            return ReadResult(id_, {**found, **outputs}, inputs={**found, **dict.fromkeys(OUTPUTS)})

    def delete(self, _id: str, _props: Properties) -> None:
        """Delete the device and its archive; what is gone already is fine."""
        with _advising():
            delete(self._api(_props), self._archives(_props), _id, _props["device_name"])

    def _api(self, properties: Properties) -> PanoramaApi:
        return PanoramaApi(properties["endpoint_url"], properties["region"], profile=self.profile)

    def _archives(self, properties: Properties) -> Archives:
        return Archives(self.client("s3", properties), properties["archive_bucket_name"])


class Device(Resource, module="device-provisioning", name="PanoramaDevice"):
    """A device of AWS Panorama.

    Args:
        name: The name of the resource.
        belongs_to: What the device belongs to, the same in every run of the program.
        request: What ProvisionDevice is asked for: ``device_name``, ``description``,
            ``networking_configuration`` and ``tags``.
        archive_bucket_name: The bucket of the archive.
        endpoint_url: Where the API is; AWS's own endpoint by default.
        environment: The account and Region.
        opts: Options of the resource.
    """

    device_id: pulumi.Output[str]
    device_arn: pulumi.Output[str]
    archive_location: pulumi.Output[str]
    archive_expires_at: pulumi.Output[str]
    status: pulumi.Output[str]
    advice: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        belongs_to: str,
        request: Mapping[str, Any],
        archive_bucket_name: pulumi.Input[str],
        endpoint_url: pulumi.Input[str] | None,
        environment: pulumi.Output[Environment],
        opts: pulumi.ResourceOptions,
    ) -> None:
        properties = {
            **request,
            "belongs_to": belongs_to,
            "archive_bucket_name": archive_bucket_name,
            "endpoint_url": endpoint_url or "",
            **dict.fromkeys(OUTPUTS),
            **place(environment),
        }
        super().__init__(PanoramaDeviceProvider(), name, properties, opts)


def request_of(properties: Mapping[str, Any]) -> PanoramaDeviceRequest:
    """The request that the properties of a device stand for.

    Raises:
        ValueError: With every problem.
    """
    device_name, description, network, tags = (properties.get(name) for name in REQUEST)
    request = PanoramaDeviceRequest.model_validate(
        {
            "name": device_name,
            "description": description or None,
            "networking_configuration": network or None,
            "tags": tags or {},
        }
    )
    require_room_for_marker(request)
    return request


def _problems(properties: Properties) -> list[str]:
    problems = []
    try:
        request_of(properties)
    except ValidationError as error:
        problems += [problem["msg"].removeprefix("Value error, ") for problem in error.errors()]
    except ValueError as error:
        problems.append(str(error))
    try:
        require_endpoint(properties["endpoint_url"] or "https://default")
    except ValueError as error:
        problems.append(str(error))
    return [line for problem in problems for line in problem.splitlines()]


def _live(device: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody may have changed of a device in place."""
    tags = {name: value for name, value in (device.get("Tags") or {}).items() if name != TAG}
    own = {name: value for name, value in tags.items() if not name.startswith("aws:")}
    return {"description": device.get("Description", ""), "tags": own}


def _outputs(archives: Archives, device: Mapping[str, Any]) -> dict[str, str]:
    outputs = described(archives, dict(device))
    return {name: outputs[key] for name, key in OUTPUTS.items()}


@contextmanager
def _advising() -> Iterator[None]:
    """Turn what the API answers into what to do."""
    try:
        yield
    except (Refused, Unanswered) as problem:
        raise RuntimeError(advice(problem)) from None
