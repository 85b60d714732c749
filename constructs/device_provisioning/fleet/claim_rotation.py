"""How Secrets Manager replaces a claim certificate."""

from collections.abc import Sequence

from ..aws_iot.claim_client_ids import a_client_id

LONGEST_ROTATION_DAYS = 1000
"""https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html."""


def require_rotation_days(setting: str, days: float) -> int:
    """The days after which a claim is replaced, as Secrets Manager takes them.

    Raises:
        ValueError: If it does not take them.

    Example:
        >>> require_rotation_days("automatically_after_days", 30)
        30
    """
    if not 1 <= days <= LONGEST_ROTATION_DAYS or days != int(days):
        raise ValueError(f"{setting} is {days}: give 1 to {LONGEST_ROTATION_DAYS}")
    return int(days)


def claim_rotation_environment(
    policy_name: str, client_id_patterns: Sequence[str], thing_name_patterns: Sequence[str] = ()
) -> dict[str, str]:
    """The environment variables of the function that rotates a claim.

    Args:
        policy_name: The policy that the new certificate gets.
        client_id_patterns: The client ids of claims: the new certificate is tried with one of them.
        thing_name_patterns: Names of things, which claims can't connect with; none by default.

    Raises:
        ValueError: If there is no client id to try it with.

    Example:
        >>> claim_rotation_environment("claim", ["factory-*"])["CLIENT_ID"]
        'factory-rotation'
    """
    return {"CLIENT_ID": a_client_id(client_id_patterns, thing_name_patterns), "POLICY_NAME": policy_name}
