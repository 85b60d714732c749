"""What ProvisionDevice accepts, and what it needs although its model does not say so.

https://docs.aws.amazon.com/panorama/latest/api/API_ProvisionDevice.html
"""

import re
from collections.abc import Iterator, Sequence
from ipaddress import AddressValueError, IPv4Address, ip_address

from ..aws_iot.limits import TextLimit
from ..aws_iot.unresolved import is_unresolved

DEVICE_NAME = TextLimit("a-zA-Z0-9_-", 255)
LONGEST_TEXT = 255
MAX_NTP_SERVERS = 5
MAX_TAGS = 50
LONGEST_TAG_KEY = 128
LONGEST_TAG_VALUE = 256
_HOST_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}").fullmatch
_LONGEST_PORT = 65535


def text_problem(text: str, *, shortest: int = 1, longest: int = LONGEST_TEXT) -> str | None:
    """What is wrong with a text of one line, if anything."""
    if is_unresolved(text):
        return None
    if len(text) < shortest:
        return "is empty"
    if len(text) > longest:
        return f"has {len(text)} characters: give at most {longest}"
    return "has a line break: give one line" if re.search(r"[\r\n]", text) else None


def address_problem(text: str, *, port: bool = False) -> str | None:
    """What is wrong with an IPv4 address, if anything; ``port`` says whether one may follow."""
    if is_unresolved(text):
        return None
    address, separator, number = text.partition(":")
    if separator and not (port and number.isascii() and number.isdigit() and int(number) <= _LONGEST_PORT):
        return f"{text!r} is not an IPv4 address: give one as 10.2.0.9" + (", with a port if wanted" * port)
    try:
        IPv4Address(address)
    except AddressValueError:
        return f"{text!r} is not an IPv4 address: give one as 10.2.0.9"
    return None


def mask_problem(text: str) -> str | None:
    """What is wrong with a network mask, if anything: its ones come before its zeros."""
    if is_unresolved(text) or address_problem(text):
        return address_problem(text)
    bits = f"{int(IPv4Address(text)):032b}"
    return f"{text!r} is not a network mask: give one as 255.255.255.0" if "01" in bits else None


def name_server_problem(text: str) -> str | None:
    """What is wrong with the address of a name server, if anything."""
    if is_unresolved(text):
        return None
    try:
        ip_address(text)
    except ValueError:
        return f"{text!r} is not an address of a name server: give one as 10.2.0.1"
    return None


def ntp_servers_problems(servers: Sequence[str]) -> Iterator[str]:
    """What is wrong with time servers."""
    if len(servers) > MAX_NTP_SERVERS:
        yield f"are {len(servers)}: give at most {MAX_NTP_SERVERS}"
    for server in servers:
        if is_unresolved(server):
            continue
        if len(server) > LONGEST_TEXT:
            yield f"hold a name of {len(server)} characters: give at most {LONGEST_TEXT}"
        elif address_problem(server, port=True) and not _HOST_NAME(server):
            yield f"hold {server!r}: give a lower-case host name with a dot, or an IPv4 address"
