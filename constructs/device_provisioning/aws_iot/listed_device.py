"""Devices that an allow list holds."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ..attestation.proof import BATCH
from .expiry import require_seconds, seconds_of
from .serial_number import serial_number

PARTITION_KEY = "serial_number"


def _own_parameters(overrides: dict[str, str]) -> dict[str, str]:
    for name in overrides:
        if name.casefold().startswith("aws::"):
            raise PydanticCustomError(
                "reserved_parameter",
                "can't override {name}, which belongs to AWS IoT: name a parameter of the template",
                {"name": name},
            )
    return overrides


SerialNumber = Annotated[str, AfterValidator(serial_number)]
ExpiresAt = Annotated[int, BeforeValidator(seconds_of), Field(gt=0), AfterValidator(require_seconds)]
BatchName = Annotated[str, Field(pattern=f"^{BATCH.pattern}$")]
ParameterOverrides = Annotated[dict[str, str], AfterValidator(_own_parameters)]


class ListedDevice(BaseModel):
    """A device that may register.

    Args:
        serial_number: At most 128 characters of ASCII without spaces; it has to match the hook's
            ``serial_number_pattern``, by default letters, digits, ``_`` and ``-``.
        parameter_overrides: Template parameters that the list decides rather than the device, so that its
            groups, site or tenant can be trusted; none by default.
        expires_at: The second since 1970 (UTC) from which the device may not register any more; never by
            default.
        batch_name: The batch of the device, which has to be open for it to register; none by default, or the
            one that it proves to be of.
        blocked: Whether the device may not register although it is listed; no by default.

    Example:
        >>> ListedDevice(serial_number="A-1", parameter_overrides={"Site": "plant7"}).serial_number
        'A-1'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    serial_number: SerialNumber
    parameter_overrides: ParameterOverrides = Field(default_factory=dict)
    expires_at: ExpiresAt | None = None
    batch_name: BatchName | None = None
    blocked: bool = False


class ExportedDevice(ListedDevice):
    """A device with all that its record says, such as the certificate that uses it up: what an export holds.

    Example:
        >>> ExportedDevice(serial_number="A-1", certificate_id="0f", reprovisioned=1).model_extra
        {'certificate_id': '0f', 'reprovisioned': 1}
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    expires_at: Annotated[int, Field(gt=0)] | None = None
    __pydantic_extra__: dict[str, str | int | bool]
