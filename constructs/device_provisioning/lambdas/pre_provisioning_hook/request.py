"""What a device asks, as AWS IoT hands it to the hook."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...attestation.proof import PROOF_PARAMETER, Proof, read_proof
from ...records.record import is_serial_number
from .reasons import Denied, Reason
from .settings import Settings

CERTIFICATE_ID = re.compile("[0-9a-f]{64}")
_OF_AWS = "aws::"


@dataclass(frozen=True)
class Request:
    """A device that asks to register, as far as the decision depends on it.

    ``claim`` is the claim certificate that it connected with, ``None`` if a trusted user let it in. ``proof``
    and ``certificate``, in PEM, are there if the hook wants a proof.
    """

    serial_number: str
    certificate_id: str
    parameters: Mapping[str, str]
    claim: str | None = None
    proof: Proof | None = None
    certificate: str = ""


def read_request(event: Any, settings: Settings) -> Request:
    """Read what the decision depends on.

    Raises:
        Denied: If the serial number or the certificate id is missing or malformed, a parameter is not a
            string, one belongs to AWS, or there is no proof where one is wanted.
    """
    event = event if isinstance(event, dict) else {}
    parameters = event.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    serial_number = parameters.get(settings.serial_number_parameter)
    if not isinstance(serial_number, str):
        raise Denied(Reason.NO_PARAMETER, parameter=settings.serial_number_parameter)
    # First the length: it bounds the work that a device can give the pattern.
    if not is_serial_number(serial_number) or not settings.serial_number_pattern.fullmatch(serial_number):
        raise Denied(Reason.MALFORMED_SERIAL_NUMBER)
    if not all(isinstance(value, str) for value in parameters.values()):
        raise Denied(Reason.MALFORMED_PARAMETER)
    if any(map(is_of_aws, parameters)):
        raise Denied(Reason.PARAMETER_OF_AWS)
    certificate_id, claim = event.get("certificateId"), event.get("claimCertificateId")
    if not isinstance(certificate_id, str) or not CERTIFICATE_ID.fullmatch(certificate_id):
        raise Denied(Reason.MALFORMED_CERTIFICATE_ID)
    request = Request(serial_number, certificate_id, parameters, claim if isinstance(claim, str) else None)
    if not settings.attestation:
        return request
    return replace(request, proof=_proof(parameters), certificate=str(event.get("certificatePem", "")))


def is_of_aws(name: str) -> bool:
    """Whether a parameter belongs to AWS IoT."""
    return name.casefold().startswith(_OF_AWS)


def _proof(parameters: Mapping[str, str]) -> Proof:
    proof = read_proof(parameters.get(PROOF_PARAMETER, ""))
    if proof is None:
        raise Denied(Reason.NOT_PROVEN)
    return proof
