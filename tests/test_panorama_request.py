"""What ProvisionDevice accepts, both sides of every limit."""

import pytest
from pydantic import ValidationError

from device_provisioning.panorama import (
    EthernetPayload,
    NetworkPayload,
    NtpPayload,
    PanoramaDeviceRequest,
    StaticIpConnectionInfo,
)

STATIC = {
    "ip_address": "10.2.0.9",
    "mask": "255.255.255.0",
    "default_gateway": "10.2.0.1",
    "dns": ["10.2.0.1"],
}


def static(**changes):
    return EthernetPayload(
        connection_type="STATIC_IP", static_ip_connection_info=StaticIpConnectionInfo(**{**STATIC, **changes})
    )


def with_network(**parts):
    return PanoramaDeviceRequest(name="line-4", networking_configuration=NetworkPayload(**parts))


def test_the_request_is_the_json_of_the_api():
    request = PanoramaDeviceRequest(
        name="line-4",
        description="dock camera",
        networking_configuration=NetworkPayload(
            ethernet0=static(),
            ethernet1=EthernetPayload(connection_type="DHCP"),
            ntp=NtpPayload(ntp_servers=["0.pool.ntp.org"]),
        ),
        tags={"site": "p7"},
    )
    assert request.document() == {
        "Name": "line-4",
        "Description": "dock camera",
        "NetworkingConfiguration": {
            "Ethernet0": {
                "ConnectionType": "STATIC_IP",
                "StaticIpConnectionInfo": {
                    "IpAddress": "10.2.0.9",
                    "Mask": "255.255.255.0",
                    "DefaultGateway": "10.2.0.1",
                    "Dns": ["10.2.0.1"],
                },
            },
            "Ethernet1": {"ConnectionType": "DHCP"},
            "Ntp": {"NtpServers": ["0.pool.ntp.org"]},
        },
        "Tags": {"site": "p7"},
    }


@pytest.mark.parametrize(
    "settings",
    [
        {"name": "n"},
        {"name": "n" * 255},
        {"name": "Line_4-b"},
        {"description": ""},
        {"description": "d" * 255},
        {"tags": {f"k{number}": "" for number in range(50)}},
        {"tags": {"k" * 128: "v" * 256}},
        {"name": "${Token[TOKEN.7]}", "description": "${Token[TOKEN.8]}"},
    ],
)
def test_texts_within_their_limits_are_accepted(settings):
    assert PanoramaDeviceRequest(**{"name": "line-4", **settings})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": ""}, "name '' is empty"),
        ({"name": "n" * 256}, "has more than 255 characters"),
        ({"name": "line 4"}, "has characters other than a-zA-Z0-9_-"),
        ({"name": "line.4"}, "has characters other than a-zA-Z0-9_-"),
        ({"description": "d" * 256}, "description has 256 characters: give at most 255"),
        ({"description": "a\nb"}, "description has a line break"),
        ({"tags": {f"k{number}": "" for number in range(51)}}, "tags are 51: give at most 50"),
        ({"tags": {"": "v"}}, "the tag key '' is empty"),
        ({"tags": {"k" * 129: "v"}}, "has 129 characters: give at most 128"),
        ({"tags": {"k": "v" * 257}}, "the tag 'k' has 257 characters: give at most 256"),
    ],
)
def test_texts_beyond_their_limits_are_refused(settings, message):
    with pytest.raises(ValidationError, match=message):
        PanoramaDeviceRequest(**{"name": "line-4", **settings})


@pytest.mark.parametrize(
    "changes",
    [
        {"ip_address": "10.2.0.9:8080"},
        {"ip_address": "255.255.255.255"},
        {"mask": "255.255.255.252"},
        {"mask": "0.0.0.0"},
        {"dns": []},
        {"dns": ["10.2.0.1", "2001:db8::1"]},
        {"ip_address": "${Token[TOKEN.7]}", "mask": "${Token[TOKEN.8]}"},
    ],
)
def test_addresses_of_their_form_are_accepted(changes):
    assert with_network(ethernet0=static(**changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ip_address": "10.2.0"}, "ip_address '10.2.0' is not an IPv4 address"),
        ({"ip_address": "10.2.0.256"}, "is not an IPv4 address"),
        ({"ip_address": ""}, "is not an IPv4 address"),
        ({"ip_address": "10.2.0.9:"}, "is not an IPv4 address"),
        ({"ip_address": "10.2.0.9:65536"}, "is not an IPv4 address"),
        ({"ip_address": "2001:db8::1"}, "is not an IPv4 address"),
        ({"default_gateway": "gateway"}, "default_gateway 'gateway' is not an IPv4 address"),
        ({"default_gateway": "10.2.0.1:80"}, "is not an IPv4 address"),
        ({"mask": "24"}, "mask '24' is not an IPv4 address"),
        ({"mask": "255.0.255.0"}, "mask '255.0.255.0' is not a network mask"),
        ({"mask": "0.0.0.255"}, "is not a network mask"),
        (
            {"dns": ["10.2.0.1", "dns.example.com"]},
            "dns 1 'dns.example.com' is not an address of a name server",
        ),
    ],
)
def test_addresses_of_another_form_are_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        with_network(ethernet1=static(**changes))


def test_a_static_interface_needs_its_address_and_a_dhcp_interface_has_none():
    with pytest.raises(ValidationError, match="ethernet0: STATIC_IP needs static_ip_connection_info"):
        with_network(ethernet0=EthernetPayload(connection_type="STATIC_IP"))
    dhcp = static().model_copy(update={"connection_type": "DHCP"})
    with pytest.raises(ValidationError, match="ethernet1: DHCP has static_ip_connection_info"):
        with_network(ethernet1=EthernetPayload(**dict(dhcp)))


@pytest.mark.parametrize("missing", STATIC)
def test_a_static_address_is_complete(missing):
    with pytest.raises(ValidationError, match=missing):
        StaticIpConnectionInfo(**{name: value for name, value in STATIC.items() if name != missing})


def test_another_connection_type_is_refused():
    with pytest.raises(ValidationError, match="connection_type"):
        EthernetPayload(connection_type="WIFI")


@pytest.mark.parametrize(
    "servers",
    [
        [],
        ["0.pool.ntp.org"] * 5,
        ["10.2.0.1"],
        ["10.2.0.1:123"],
        ["a." + "b" * 60 + "." + "c" * 60 + ".org"],
        ["${Token[TOKEN.7]}"],
    ],
)
def test_time_servers_within_their_limits_are_accepted(servers):
    assert with_network(ntp=NtpPayload(ntp_servers=servers))


@pytest.mark.parametrize(
    ("servers", "message"),
    [
        (["0.pool.ntp.org"] * 6, "ntp_servers are 6: give at most 5"),
        (["Pool.ntp.org"], "hold 'Pool.ntp.org': give a lower-case host name"),
        (["localhost"], "hold 'localhost'"),
        ([""], "hold ''"),
        (["a." * 127 + "org"], "hold a name of 257 characters: give at most 255"),
        (["pool_ntp.org"], "hold 'pool_ntp.org'"),
    ],
)
def test_time_servers_beyond_their_limits_are_refused(servers, message):
    with pytest.raises(ValidationError, match=message):
        with_network(ntp=NtpPayload(ntp_servers=servers))


def test_everything_wrong_is_told_together():
    with pytest.raises(ValidationError) as error:
        PanoramaDeviceRequest(
            name="line 4",
            description="a\nb",
            networking_configuration=NetworkPayload(
                ethernet0=static(ip_address="x", mask="y"),
                ethernet1=EthernetPayload(connection_type="STATIC_IP"),
                ntp=NtpPayload(ntp_servers=["UPPER.org"]),
            ),
            tags={"": ""},
        )
    (problem,) = error.value.errors()
    assert len(problem["msg"].splitlines()) == 7
