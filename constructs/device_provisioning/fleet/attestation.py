"""How devices prove that they are who they say: keys in AWS KMS, by the batch whose devices they are for."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..attestation.proof import BATCH, MAC_ALGORITHM
from ..aws_iot.statements import Statement, allow
from ..aws_iot.unresolved import is_unresolved

DERIVED_KEY_SPECS = ("HMAC_256",)
SIGNING_KEY_SPECS = ("ECC_NIST_P256", "RSA_2048", "RSA_3072", "RSA_4096")
"""Key specs that a proof can be made with
(https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html)."""


def attestation_problems(derived_keys: Iterable[str], signing_keys: Iterable[str]) -> list[str]:
    """What is wrong with the names of the batches, a sentence each; nothing if they are fine.

    Args:
        derived_keys: The batches whose devices have derived keys.
        signing_keys: The batches whose devices have signatures.

    Example:
        >>> attestation_problems(["line 4"], [])
        ["attestation has a key of 'line 4': give 1 to 64 letters, digits, _ and - as the name of a batch"]
    """
    derived, signing = list(derived_keys), list(signing_keys)
    problems = [
        f"attestation has a key of {name!r}: give 1 to 64 letters, digits, _ and - as the name of a batch"
        for name in dict.fromkeys([*derived, *signing])
        if not BATCH.fullmatch(name)
    ]
    problems += [
        f"attestation has two keys of {name!r}: give it in derived_keys or in signing_keys"
        for name in derived
        if name in signing
    ]
    return problems


def attestation_variable(derived_keys: Mapping[str, str], signing_keys: Mapping[str, str]) -> str:
    """The keys as the hook's function reads them.

    Args:
        derived_keys: ARNs of HMAC keys, by batch.
        signing_keys: ARNs of keys that sign, by batch.

    Raises:
        ValueError: With everything that is wrong with the names of the batches.
    """
    if problems := attestation_problems(derived_keys, signing_keys):
        raise ValueError("\n".join(problems))
    keys = {"derived_keys": dict(derived_keys), "signing_keys": dict(signing_keys)}
    return json.dumps(keys, separators=(",", ":"), sort_keys=True)


def with_attestation(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of a hook that wants proofs, although only the deployment knows the keys.

    Args:
        variables: Its variables.
    """
    keys = variables.get("ATTESTATION")
    if keys is not None and (not isinstance(keys, str) or is_unresolved(keys)):
        return {**variables, "ATTESTATION": attestation_variable({}, {})}
    return dict(variables)


def attestation_statements(
    derived_key_arns: Iterable[str], signing_key_arns: Iterable[str]
) -> list[Statement | None]:
    """Allow a hook to derive the keys of devices, and to read public keys.

    Args:
        derived_key_arns: HMAC keys.
        signing_key_arns: Keys that sign.
    """
    derived, signing = sorted(set(derived_key_arns)), sorted(set(signing_key_arns))
    by_sha_256 = {"StringEquals": {"kms:MacAlgorithm": MAC_ALGORITHM}}
    return [
        allow("DerivedKeys", ["kms:GenerateMac"], derived, by_sha_256) if derived else None,
        allow("SigningKeys", ["kms:GetPublicKey"], signing) if signing else None,
    ]
