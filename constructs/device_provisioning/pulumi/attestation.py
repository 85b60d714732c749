"""How devices prove that they are who they say."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ..fleet.attestation import attestation_problems, attestation_variable


class AttestationArgs(TypedDict):
    """Keys in AWS KMS that devices prove themselves with, by the batch whose devices they are for.

    A batch that is in neither may have a public key in its record, so that an empty object is one as well:
    whoever opens a batch then says whose signatures count.
    """

    derived_keys: NotRequired[dict[str, aws.kms.Key]]
    """HMAC keys from which each device's own key is derived; none by default."""
    signing_keys: NotRequired[dict[str, aws.kms.Key]]
    """Keys with which the manufacturer signs the keys of devices; none by default."""


def attestation_rights(attestation: AttestationArgs | None) -> dict[str, Any]:
    """The keys that the hook may use."""
    keys = attestation or {}
    return {
        "derived_key_arns": list(_arns(keys.get("derived_keys", {})).values()),
        "signing_key_arns": list(_arns(keys.get("signing_keys", {})).values()),
    }


def attestation_setting(attestation: AttestationArgs) -> pulumi.Output[str]:
    """The keys as the hook's function reads them.

    Raises:
        ValueError: With everything that is wrong with the names of the batches.
    """
    derived, signing = attestation.get("derived_keys", {}), attestation.get("signing_keys", {})
    if problems := attestation_problems(derived, signing):
        raise ValueError("\n".join(problems))
    return pulumi.Output.all(derived_keys=_arns(derived), signing_keys=_arns(signing)).apply(
        lambda known: attestation_variable(**known)
    )


def _arns(keys: Mapping[str, aws.kms.Key]) -> dict[str, pulumi.Output[str]]:
    return {batch: key.arn for batch, key in keys.items()}
