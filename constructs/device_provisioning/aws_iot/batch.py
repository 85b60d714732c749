"""Batches of devices, which are opened for their time at the factory and closed again."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ..records.batch import QUOTA
from .listed_device import BatchName, ExpiresAt, ParameterOverrides
from .reprovisioning import Reprovisioning
from .unresolved import is_unresolved

MOST_CLAIMS = 100
"""More are no list that somebody looks after."""
_CERTIFICATE_ID = re.compile("[0-9a-f]{64}")
_PUBLIC_KEY = re.compile(
    r"\s*-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]{1,4000}-----END PUBLIC KEY-----\s*", re.ASCII
)


def _certificate_id(text: str) -> str:
    if _CERTIFICATE_ID.fullmatch(text) or is_unresolved(text):
        return text
    raise PydanticCustomError("certificate_id", "is not the id of a certificate: give 64 digits and a to f")


def _public_key(text: str) -> str:
    if _PUBLIC_KEY.fullmatch(text):
        return text
    raise PydanticCustomError(
        "public_key",
        "is not a public key in PEM: give what begins with -----BEGIN PUBLIC KEY-----",
    )


def _some_claims(ids: tuple[str, ...]) -> tuple[str, ...]:
    if 0 < len(ids) <= MOST_CLAIMS:
        return ids
    raise PydanticCustomError(
        "claims", "has {number} ids: give 1 to {most}", {"number": len(ids), "most": MOST_CLAIMS}
    )


ClaimCertificateIds = Annotated[
    tuple[Annotated[str, AfterValidator(_certificate_id)], ...], AfterValidator(_some_claims)
]


class Batch(BaseModel):
    """A batch of devices: none of them registers while it is not open.

    Args:
        name: 1 to 64 letters, digits, ``_`` and ``-``.
        is_open: Whether its devices may register; yes by default.
        quota: How many serial numbers of it may be let through in all; as many as there are by default.
        opens_at: The second since 1970 (UTC) from which they may register; at once by default.
        closes_at: The second since 1970 (UTC) from which they may not register any more; never by default.
        claim_certificate_ids: The ids of the claim certificates that may enrol them; any by default.
        reprovisioning: Whether a serial number of it may register again: ``NEVER``, ``ALLOW`` or how many
            times; what the hook says by default.
        parameter_overrides: Template parameters that it decides for its devices, unless their own records do;
            none by default.
        public_key: The public key, in PEM, whose private one the manufacturer signs the keys of its devices
            with: EC on P-256, or RSA of at least 2,048 bits. By default the hook's ``attestation`` has a key.
        without_list: Whether a device that proves itself may register although it is not on the list; no by
            default. It takes a hook with ``attestation``.

    Example:
        >>> Batch(name="line-4", quota=500, closes_at="2027-01-31").closes_at
        1801353600
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: BatchName
    is_open: bool = True
    quota: Annotated[int, Field(ge=1, lt=10**12)] | None = None
    opens_at: ExpiresAt | None = None
    closes_at: ExpiresAt | None = None
    claim_certificate_ids: ClaimCertificateIds | None = None
    reprovisioning: Reprovisioning | Annotated[int, Field(ge=1, lt=10**9)] | None = None
    parameter_overrides: ParameterOverrides = Field(default_factory=dict)
    public_key: Annotated[str, AfterValidator(_public_key)] | None = None
    without_list: bool = False

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Batch":
        if self.opens_at is not None and self.closes_at is not None and self.closes_at <= self.opens_at:
            raise PydanticCustomError("window", "closes_at is not after opens_at: it would never be open")
        return self

    def attributes(self) -> dict[str, Any]:
        """What its record says, by attribute; what it leaves to the hook is left out.

        Example:
            >>> Batch(name="line-4", quota=500).attributes()
            {'is_open': True, 'device_quota': 500}
        """
        said = self.model_dump(mode="json", exclude={"name"}, exclude_defaults=True)
        renamed = {QUOTA if field == "quota" else field: value for field, value in said.items()}
        return {"is_open": self.is_open, **renamed}
