"""How a core device is set up: which nucleus, where its files are, how it reaches AWS."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from ..aws_iot.claim_policy import CertificateSource
from .proxy import Proxy

TPM_HANDLE = "handle:"


class Nucleus(StrEnum):
    """The Greengrass runtime: the Java one with the fleet-provisioning plugin, or nucleus lite."""

    CLASSIC = "classic"
    LITE = "lite"


ROOT_PATHS = {Nucleus.CLASSIC: "/greengrass/v2", Nucleus.LITE: "/var/lib/greengrass"}


class NucleusSettings(BaseModel):
    """Settings of a core device that the cloud does not know.

    Args:
        nucleus: ``classic`` by default, or ``lite``, which always makes its key itself.
        version: The version of the classic nucleus; ``2.14.0`` by default.
        root_path: Greengrass's folder; ``/greengrass/v2`` by default, ``/var/lib/greengrass`` for lite.
        root_ca_path: The Amazon root CA; ``AmazonRootCA1.pem`` in Greengrass's folder by default.
        claim_certificate_path: The claim certificate; ``claim/claim.pem.crt`` there by default.
        claim_key_path: Its key; ``claim/claim.private.pem.key`` there by default. For lite it may be a
            persistent handle of a TPM, such as ``handle:0x81000000``.
        csr_path: A CSR of the core's own key, so that the key never leaves it; by default AWS IoT makes the
            key. Only for classic, together with ``csr_private_key_path``.
        csr_private_key_path: The key of the CSR; none by default.
        key_path: Where lite keeps the core's key: a file, or a handle of a TPM; its own choice by default.
        port_443: Whether the classic nucleus uses port 443 rather than 8883 and 8443; no by default.
        proxy: The proxy to AWS; none by default.

    Raises:
        pydantic.ValidationError: With every setting that the nucleus does not know.

    Example:
        >>> NucleusSettings(nucleus=Nucleus.LITE, claim_key_path="handle:0x81000000").folder
        '/var/lib/greengrass'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    nucleus: Nucleus = Nucleus.CLASSIC
    version: str = "2.14.0"
    root_path: str | None = None
    root_ca_path: str | None = None
    claim_certificate_path: str | None = None
    claim_key_path: str | None = None
    csr_path: str | None = None
    csr_private_key_path: str | None = None
    key_path: str | None = None
    port_443: bool = False
    proxy: Proxy | None = None

    @property
    def folder(self) -> str:
        """Greengrass's folder."""
        return (self.root_path or ROOT_PATHS[self.nucleus]).rstrip("/")

    @property
    def root_ca(self) -> str:
        """The file of the Amazon root CA."""
        return self.root_ca_path or f"{self.folder}/AmazonRootCA1.pem"

    @property
    def claim_certificate(self) -> str:
        """The file of the claim certificate."""
        return self.claim_certificate_path or f"{self.folder}/claim/claim.pem.crt"

    @property
    def claim_key(self) -> str:
        """The file or TPM handle of the claim's key."""
        return self.claim_key_path or f"{self.folder}/claim/claim.private.pem.key"

    @property
    def certificate_source(self) -> CertificateSource:
        """How this core obtains its certificate."""
        own_key = self.nucleus is Nucleus.LITE or self.csr_path
        return CertificateSource.CREATE_FROM_CSR if own_key else CertificateSource.CREATE

    @model_validator(mode="after")
    def _known_to_the_nucleus(self) -> Self:
        problems = (
            [*self._classic_problems()] if self.nucleus is Nucleus.CLASSIC else [*self._lite_problems()]
        )
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _classic_problems(self) -> Iterator[str]:
        if bool(self.csr_path) != bool(self.csr_private_key_path):
            yield "csr_path and csr_private_key_path are a pair: give both or none"
        if self.key_path:
            yield "key_path is for nucleus lite: give csr_path and csr_private_key_path"
        for name in ("claim_key_path", "csr_private_key_path"):
            if (getattr(self, name) or "").startswith(TPM_HANDLE):
                yield (
                    f"{name} is a TPM handle, which the fleet-provisioning plugin does not support: give"
                    " a file or use nucleus lite"
                )

    def _lite_problems(self) -> Iterator[str]:
        if self.csr_path or self.csr_private_key_path:
            yield "csr_path and csr_private_key_path are for the classic nucleus: lite makes its own CSR"
        if self.port_443:
            yield "port_443 is for the classic nucleus: no other MQTT port is documented for lite"
        if self.proxy and self.proxy.username:
            yield "the proxy's username is for the classic nucleus: for lite only a url is documented"
