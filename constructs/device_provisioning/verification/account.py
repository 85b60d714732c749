"""Where a run takes place: an account, a Region, and the address that devices connect to."""

import os
from dataclasses import dataclass
from pathlib import Path

from ..console.sources import UnreadableError
from .aws import Aws
from .device import Broker

PORT = 8883


@dataclass(frozen=True)
class Account:
    """Whose account it is.

    Args:
        number: Its twelve digits.
        region: The Region.
        caller: The ARN of whoever runs the command.
    """

    number: str
    region: str
    caller: str

    def certificate_arn(self, certificate_id: str) -> str:
        """The ARN of a certificate of AWS IoT."""
        partition = self.caller.split(":")[1]
        return f"arn:{partition}:iot:{self.region}:{self.number}:cert/{certificate_id}"


def account_of(aws: Aws) -> Account:
    """The account and the Region of the caller's credentials.

    Raises:
        UnreadableError: If there are none, or they are refused.
    """
    answer = aws.sts.call("get_caller_identity")
    return Account(answer["Account"], aws.sts.region, answer["Arn"])


def broker_of(aws: Aws, endpoint: str | None, ca_file: Path | None) -> Broker:
    """Where devices connect to.

    Args:
        aws: The clients.
        endpoint: ``HOST`` or ``HOST:PORT``; by default the one that AWS IoT gives.
        ca_file: The authorities that devices trust; by default those of this machine.

    Raises:
        UnreadableError: If the endpoint or the file is malformed, or can't be read.
    """
    host, port = _host_and_port(endpoint) if endpoint else (_own_endpoint(aws), PORT)
    return Broker(host, port, _trusted(ca_file) if ca_file else None)


def _own_endpoint(aws: Aws) -> str:
    return str(aws.iot.call("describe_endpoint", endpointType="iot:Data-ATS")["endpointAddress"])


def _host_and_port(endpoint: str) -> tuple[str, int]:
    host, _, port = endpoint.partition(":")
    if not host or (port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 1 << 16)):
        raise UnreadableError(
            f"--endpoint {endpoint}: is not an endpoint: give HOST or HOST:PORT, such as iot.example.com:8883"
        )
    return host, int(port or PORT)


def _trusted(file: Path) -> bytes:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{os.fspath(file)}: cannot be read: {error.strerror or error}") from None
    if b"-----BEGIN CERTIFICATE-----" not in content:
        raise UnreadableError(f"{os.fspath(file)}: contains no certificate: give certificates in PEM")
    return content
