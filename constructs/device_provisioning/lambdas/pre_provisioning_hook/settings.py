"""The hook's settings, read from its environment in one place."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}"
NEVER = 0


class InvalidSettings(ValueError):  # noqa: N818  # what the operator reads
    """A setting is missing or malformed; the message says which and what is allowed."""


@dataclass(frozen=True)
class Attestation:
    """How devices prove that they are who they say, by names of batches; by a batch's own public key as well.

    Args:
        derived_keys: The HMAC key in AWS KMS that the keys of a batch's devices are derived from.
        signing_keys: The key in AWS KMS that signs the keys of a batch's devices.
    """

    derived_keys: Mapping[str, str]
    signing_keys: Mapping[str, str]


@dataclass(frozen=True)
class Settings:
    """What the hook was deployed with.

    Args:
        table_name: The table of the allow list.
        serial_number_parameter: The parameter of the request that carries the serial number.
        serial_number_pattern: A regular expression for the whole serial number.
        reprovisioning: How often a used-up serial number may register again; ``None`` for always.
        reservation_seconds: How long an attempt may be under way.
        listed_parameters: The parameters whose values only the list decides.
        metrics_namespace: The CloudWatch namespace of the decisions.
        attestation: How devices prove that they are who they say; ``None`` if they don't have to.
    """

    table_name: str
    serial_number_parameter: str
    serial_number_pattern: re.Pattern[str]
    reprovisioning: int | None
    reservation_seconds: int
    listed_parameters: frozenset[str]
    metrics_namespace: str
    attestation: Attestation | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings.

        Raises:
            InvalidSettings: If one is missing or malformed.
        """
        return cls(
            table_name=_required(environment, "ALLOW_LIST_TABLE_NAME"),
            serial_number_parameter=environment.get("SERIAL_NUMBER_PARAMETER", "SerialNumber"),
            serial_number_pattern=_pattern(environment.get("SERIAL_NUMBER_PATTERN", DEFAULT_PATTERN)),
            reprovisioning=_times(environment.get("REPROVISIONING", "NEVER")),
            listed_parameters=_names(environment.get("LISTED_PARAMETERS", "[]")),
            reservation_seconds=_whole_number("RESERVATION_SECONDS", environment),
            metrics_namespace=environment.get("METRICS_NAMESPACE", "DeviceProvisioning"),
            attestation=_attestation(environment.get("ATTESTATION", "null")),
        )


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    if not value:
        raise InvalidSettings(f"{name} is not set")
    return value


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise InvalidSettings(f"SERIAL_NUMBER_PATTERN is not a regular expression: {error}") from None


def _times(text: str) -> int | None:
    try:
        return reprovisioning_times(text)
    except ValueError:
        raise InvalidSettings(
            f"REPROVISIONING is {text!r}: NEVER, ALLOW or a whole number from 1 is allowed"
        ) from None


def reprovisioning_times(text: str) -> int | None:
    """How often a used-up serial number may register again; ``None`` for always.

    Args:
        text: ``NEVER``, ``ALLOW`` or a whole number from 1.

    Raises:
        ValueError: If it is something else.
    """
    if text == "ALLOW":
        return None
    if text == "NEVER":
        return NEVER
    if re.fullmatch("[1-9][0-9]{0,8}", text):
        return int(text)
    raise ValueError(text)


def _whole_number(name: str, environment: Mapping[str, str]) -> int:
    text = environment.get(name, "30")
    if not re.fullmatch("[0-9]{1,9}", text):
        raise InvalidSettings(f"{name} is {text!r}: a whole number is allowed")
    return int(text)


def _names(text: str) -> frozenset[str]:
    try:
        names = json.loads(text)
    except ValueError:
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InvalidSettings(f"LISTED_PARAMETERS is {text!r}: a JSON array of names is allowed")
    return frozenset(names)


def _attestation(text: str) -> Attestation | None:
    try:
        match json.loads(text):
            case None:
                return None
            case {"derived_keys": dict() as derived, "signing_keys": dict() as signing}:
                return Attestation(derived, signing)
    except ValueError:
        pass
    raise InvalidSettings(f"ATTESTATION is {text!r}: an object of derived_keys and signing_keys is allowed")
