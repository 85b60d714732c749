"""Documents of the role whose credentials core devices get for their certificates.

https://docs.aws.amazon.com/greengrass/v2/developerguide/device-service-role.html
"""

from collections.abc import Sequence

from ..aws_iot.environment import Environment
from ..aws_iot.statements import Document, allow, policy_document, service_trust

SERVICE = "credentials.iot.amazonaws.com"
# API_CreateRoleAlias
DEFAULT_CREDENTIALS_SECONDS = 3600
SHORTEST_CREDENTIALS_SECONDS, LONGEST_CREDENTIALS_SECONDS = 900, 43200


def token_exchange_role_trust(role_alias_name: str, environment: Environment) -> Document:
    """Trust the credentials provider of AWS IoT to act for exactly one role alias of this account.

    https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html

    Args:
        role_alias_name: The role alias.
        environment: Where it is.

    Example:
        >>> trust = token_exchange_role_trust("edge", Environment("111122223333", "eu-west-1"))
        >>> trust["Statement"][0]["Condition"]["ArnLike"]
        {'aws:SourceArn': 'arn:aws:iot:eu-west-1:111122223333:rolealias/edge'}
    """
    return service_trust(SERVICE, environment, environment.iot_arn(f"rolealias/{role_alias_name}"))


def token_exchange_role_policy(
    environment: Environment,
    *,
    artifact_bucket_arns: Sequence[str] = (),
    encryption_key_arns: Sequence[str] = (),
) -> Document:
    """Allow cores to write Greengrass's log groups and to read component artefacts.

    Args:
        environment: Where the cores' log groups are.
        artifact_bucket_arns: Buckets that hold artefacts of your components; none by default.
        encryption_key_arns: Customer keys of those buckets; none by default.

    Example:
        >>> document = token_exchange_role_policy(Environment("111122223333", "eu-west-1"))
        >>> document["Statement"][0]["Resource"]
        'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/greengrass/*'
    """
    logs = [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
    ]
    log_groups = environment.log_streams_arn("/aws/greengrass/").removesuffix(":*") + "*"
    artifacts = [f"{arn}/*" for arn in artifact_bucket_arns]
    return policy_document(
        [
            allow("CoreLogs", logs, [log_groups]),
            allow("ArtifactBuckets", ["s3:GetBucketLocation"], artifact_bucket_arns),
            allow("Artifacts", ["s3:GetObject"], artifacts),
            allow("ArtifactKeys", ["kms:Decrypt"], encryption_key_arns),
        ]
    )


def require_credential_seconds(seconds: int) -> None:
    """Make sure that credentials are valid for as long as AWS IoT accepts.

    Raises:
        ValueError: If they are not.
    """
    if not SHORTEST_CREDENTIALS_SECONDS <= seconds <= LONGEST_CREDENTIALS_SECONDS:
        raise ValueError(
            f"credentials are valid for {seconds} seconds: give {SHORTEST_CREDENTIALS_SECONDS} to"
            f" {LONGEST_CREDENTIALS_SECONDS} seconds, which are 15 minutes to 12 hours"
        )


def session_seconds(credential_seconds: int) -> int:
    """How long sessions of the role have to be: a role alias gives no credentials for longer than that.

    Example:
        >>> session_seconds(900), session_seconds(43200)
        (3600, 43200)
    """
    return max(credential_seconds, DEFAULT_CREDENTIALS_SECONDS)
