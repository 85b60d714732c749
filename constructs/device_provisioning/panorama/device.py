"""The whole request of ProvisionDevice."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from ..aws_iot.unresolved import is_unresolved
from .limits import (
    DEVICE_NAME,
    LONGEST_TAG_KEY,
    LONGEST_TAG_VALUE,
    MAX_TAGS,
    address_problem,
    mask_problem,
    name_server_problem,
    ntp_servers_problems,
    text_problem,
)
from .networking import ConnectionType, EthernetPayload, NetworkPayload


class PanoramaDeviceRequest(BaseModel):
    """What ProvisionDevice is asked for.

    Checked are all limits of the API, and what its model leaves out: a static interface needs its address, a
    DHCP interface has none, addresses are IPv4 and masks are masks. What an engine knows later is not
    checked.

    Args:
        name: 1 to 255 letters, digits, ``_`` and ``-``.
        description: Up to 255 characters in one line; none by default.
        networking_configuration: Its network; the device's own default by default.
        tags: Up to 50: keys of 1 to 128 characters, values of up to 256; none by default.

    Raises:
        pydantic.ValidationError: With every problem together.

    Example:
        >>> PanoramaDeviceRequest(name="line-4").document()
        {'Name': 'line-4'}
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    description: str | None = None
    networking_configuration: NetworkPayload | None = None
    tags: Mapping[str, str] = {}

    def document(self) -> dict[str, Any]:
        """The request as the JSON of the API."""
        network = self.networking_configuration
        values = {
            "Name": self.name,
            "Description": self.description,
            "NetworkingConfiguration": network.document() if network else None,
            "Tags": dict(self.tags) or None,
        }
        return {name: value for name, value in values.items() if value is not None}

    @model_validator(mode="after")
    def _accepted(self) -> Self:
        problems = [*self._text_problems(), *_network_problems(self.networking_configuration)]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _text_problems(self) -> Iterator[str]:
        if not is_unresolved(self.name) and (problem := DEVICE_NAME.problem(self.name)):
            yield f"name {self.name!r} {problem}"
        if self.description is not None and (problem := text_problem(self.description, shortest=0)):
            yield f"description {problem}"
        if len(self.tags) > MAX_TAGS:
            yield f"tags are {len(self.tags)}: give at most {MAX_TAGS}"
        for key, value in self.tags.items():
            if problem := text_problem(key, longest=LONGEST_TAG_KEY):
                yield f"the tag key {key!r} {problem}"
            if not is_unresolved(value) and len(value) > LONGEST_TAG_VALUE:
                yield f"the tag {key!r} has {len(value)} characters: give at most {LONGEST_TAG_VALUE}"


def require_room_for_marker(request: PanoramaDeviceRequest) -> None:
    """Make sure that there is room for the tag that says what made a device.

    Raises:
        ValueError: If there is none.
    """
    if len(request.tags) >= MAX_TAGS:
        raise ValueError(
            f"tags are {len(request.tags)}: give at most {MAX_TAGS - 1}, as one of the {MAX_TAGS} that AWS"
            " Panorama accepts says which request made the device, so that none is made twice"
        )


def _network_problems(network: NetworkPayload | None) -> Iterator[str]:
    if network is None:
        return
    for name in ("ethernet0", "ethernet1"):
        interface = getattr(network, name)
        for problem in _interface_problems(interface) if interface else ():
            yield f"networking_configuration.{name}: {problem}"
    for problem in ntp_servers_problems(network.ntp.ntp_servers) if network.ntp else ():
        yield f"networking_configuration.ntp: ntp_servers {problem}"


def _interface_problems(interface: EthernetPayload) -> Iterator[str]:
    info = interface.static_ip_connection_info
    if interface.connection_type is ConnectionType.STATIC_IP and info is None:
        yield "STATIC_IP needs static_ip_connection_info: give it, or DHCP"
    if interface.connection_type is ConnectionType.DHCP and info:
        yield "DHCP has static_ip_connection_info: leave it out, or give STATIC_IP"
    if info is None:
        return
    problems = {
        "ip_address": address_problem(info.ip_address, port=True),
        "mask": mask_problem(info.mask),
        "default_gateway": address_problem(info.default_gateway),
        **{f"dns {number}": name_server_problem(dns) for number, dns in enumerate(info.dns)},
    }
    yield from (f"{name} {problem}" for name, problem in problems.items() if problem)
