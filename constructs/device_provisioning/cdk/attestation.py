"""How devices prove that they are who they say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import aws_kms as kms

from ..aws_iot.unresolved import is_unresolved
from ..fleet.attestation import (
    DERIVED_KEY_SPECS,
    SIGNING_KEY_SPECS,
    attestation_problems,
    attestation_variable,
)
from .setting_types import checked


@dataclass(frozen=True, init=False)
class Attestation:
    """Keys in AWS KMS that devices prove themselves with, by the batch whose devices they are for.

    A batch that is in neither may have a public key in its record, so that an empty ``Attestation()`` is one
    as well: whoever opens a batch then says whose signatures count.

    Args:
        derived_keys: HMAC keys from which each device's own key is derived; none by default.
        signing_keys: Keys with which the manufacturer signs the keys of devices; none by default.

    Raises:
        ValueError: If a batch has two keys or a name that no batch can have, or a key that is created here is
            of another kind.

    Example::

        key = kms.Key(
            self, "Line4", key_spec=kms.KeySpec.HMAC_256, key_usage=kms.KeyUsage.GENERATE_VERIFY_MAC
        )
        attestation = Attestation(derived_keys={"line-4": key})
        FleetProvisioning(self, "Sensors", thing_name_prefix="sensor-", attestation=attestation)
    """

    derived_keys: Mapping[str, kms.IKey] = field(default_factory=dict)
    signing_keys: Mapping[str, kms.IKey] = field(default_factory=dict)

    @checked
    def __init__(
        self,
        *,
        derived_keys: Mapping[str, kms.IKey] | None = None,
        signing_keys: Mapping[str, kms.IKey] | None = None,
    ) -> None:
        derived, signing = dict(derived_keys or {}), dict(signing_keys or {})
        problems = [
            *attestation_problems(derived, signing),
            *_problems_of_specs("derived_keys", derived, DERIVED_KEY_SPECS),
            *_problems_of_specs("signing_keys", signing, SIGNING_KEY_SPECS),
        ]
        if problems:
            raise ValueError("\n".join(problems))
        object.__setattr__(self, "derived_keys", derived)
        object.__setattr__(self, "signing_keys", signing)

    def variable(self) -> str:
        """The keys as the hook's function reads them."""
        return attestation_variable(_arns(self.derived_keys), _arns(self.signing_keys))


def _arns(keys: Mapping[str, kms.IKey]) -> dict[str, str]:
    return {batch: key.key_arn for batch, key in keys.items()}


def _problems_of_specs(setting: str, keys: Mapping[str, kms.IKey], accepted: Sequence[str]) -> Iterator[str]:
    for batch, key in keys.items():
        resource = key.node.default_child
        if not isinstance(resource, kms.CfnKey):
            continue
        spec = resource.key_spec or "SYMMETRIC_DEFAULT"
        if not is_unresolved(spec) and spec not in accepted:
            yield f"{setting}.{batch} has the key spec {spec}: give a key of {' or '.join(accepted)}"
