"""The subjects of device certificates, from CSV."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from ..aws_iot.limits import THING_NAME
from ..console.devices import Device, Devices
from ..console.sources import STANDARD_INPUT, UnreadableError
from .subject import FIELDS

NAME = "CommonName"
MOST_PROBLEMS = 20


@dataclass(frozen=True)
class DeviceSubject:
    """Whom a certificate is for.

    Args:
        common_name: Also the name of its files.
        name: The whole subject.
    """

    common_name: str
    name: x509.Name


def read_subjects(file: str) -> list[DeviceSubject]:
    """Read every subject, or none.

    Args:
        file: A ``.csv`` file whose first line names fields of a subject as JITP names them.

    Raises:
        UnreadableError: With the problems of all lines, twenty at the most.
    """
    subjects, problems = [], []
    lines: dict[str, int | None] = {}
    for device in Devices(file):
        found = list(_problems(device, lines))
        problems += [f"{file}:{device.line}: {problem}" for problem in found]
        if not found:
            common_name = device.parameters[NAME]
            lines[common_name] = device.line
            subjects.append(DeviceSubject(common_name, _name(device.parameters)))
    if not subjects and not problems:
        problems = [f"{file}: contains no devices: give a line for each, below the one that names the fields"]
    if problems:
        more = len(problems) - MOST_PROBLEMS
        rest = [f"{file}: {more} more problems like that"] if more > 0 else []
        raise UnreadableError("\n".join([*problems[:MOST_PROBLEMS], *rest]))
    return subjects


def require_csv(file: str) -> None:
    """Make sure that a file is CSV by its name; standard input has none.

    Raises:
        UnreadableError: If it is not.
    """
    if file != STANDARD_INPUT and Path(file).suffix.lower() != ".csv":
        raise UnreadableError(f"{file}: give a file that ends with .csv")


def _problems(device: Device, lines: Mapping[str, int | None]) -> Iterator[str]:
    if device.problem:
        yield device.problem
        return
    unknown = sorted(set(device.parameters) - set(FIELDS))
    if unknown:
        yield f"{', '.join(unknown)}: the fields of a subject are {', '.join(sorted(FIELDS))}"
    common_name = device.parameters.get(NAME)
    if not common_name:
        yield f"{NAME} is missing: give the name of the thing"
    elif problem := THING_NAME.problem(common_name):
        yield f"{NAME} {problem}: give the name of the thing"
    elif common_name in lines:
        yield f"{NAME} {common_name} is that of line {lines[common_name]}: give each device its own"
    for name, value in device.parameters.items():
        if name in FIELDS and (problem := _field_problem(name, value)):
            yield f"{name} {value!r}: {problem}"


def _field_problem(name: str, value: str) -> str | None:
    try:
        x509.NameAttribute(x509.ObjectIdentifier(FIELDS[name]), value)
    except ValueError as error:
        return str(error)
    return None


def _name(parameters: Mapping[str, str]) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(x509.ObjectIdentifier(FIELDS[name]), value) for name, value in parameters.items()]
    )
