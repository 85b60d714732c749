"""The outputs of a deployed fleet of core devices: names, and where its secret is."""

from pydantic import BaseModel, ConfigDict

from ..aws_iot.claim_client_ids import CLAIM_CLIENT_ID_PATTERNS
from ..aws_iot.claim_policy import CertificateSource


class Enrolment(BaseModel):
    """How a core enrols in a deployed fleet.

    It is the output of a deployed ``GreengrassCoreDevices``, as JSON, and holds no secret.

    Args:
        region: Where the fleet is.
        template_name: The provisioning template.
        role_alias_name: The role alias of the cores.
        thing_name_prefix: What the name of a core begins with; the rest is its serial number.
        serial_number_parameter: The template's parameter that carries the serial number.
        certificate_sources: How the claim lets cores obtain their certificates.
        claim_client_id_patterns: The client ids that the claim may connect with; ``claim-*`` by default.
        claim_secret_arn: The secret that holds the claim certificate and its key; none if you
            gave your own.

    Raises:
        pydantic.ValidationError: If it is no such output.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str
    template_name: str
    role_alias_name: str
    thing_name_prefix: str
    serial_number_parameter: str = "SerialNumber"
    certificate_sources: tuple[CertificateSource, ...]
    claim_client_id_patterns: tuple[str, ...] = CLAIM_CLIENT_ID_PATTERNS
    claim_secret_arn: str | None = None

    def serial_number(self, core_name: str) -> str:
        """The serial number of a core, from its name.

        Raises:
            ValueError: If the name is not one of this fleet.
        """
        serial_number = core_name.removeprefix(self.thing_name_prefix)
        if serial_number in {core_name, ""}:
            raise ValueError(
                f"the core {core_name!r} is not of this fleet: its names are {self.thing_name_prefix!r} and a"
                " serial number"
            )
        return serial_number
