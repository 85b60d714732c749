"""The AWS IoT policy that a core device's certificate gets."""

from collections.abc import Sequence

from ..aws_iot.device_policy_settings import require_statements
from ..aws_iot.environment import Environment
from ..aws_iot.policy_size import require_policy_size
from ..aws_iot.statements import Document, Statement, allow, policy_document
from ..aws_iot.topic_statements import THING_NAME, topic_statements
from .names import CORE_DEVICE_NAME, ROLE_ALIAS_NAME, require_names

DATA_PLANE_ACTIONS = [
    "greengrass:GetComponentVersionArtifact",
    "greengrass:GetDeploymentConfiguration",
    "greengrass:ListThingGroupsForCoreDevice",
    "greengrass:ResolveComponentCandidates",
]


def core_device_policy(
    environment: Environment,
    *,
    thing_name_prefix: str,
    role_alias_name: str,
    only_nucleus_lite: bool = False,
    statements: Sequence[Statement] = (),
) -> Document:
    """Allow what the nucleus needs: its connections, jobs, shadows, health, components and the role alias.

    Greengrass does not support thing policy variables for core devices, so names are given by their
    beginning: every core of the fleet may use what belongs to any core of the fleet. The ``*`` after the
    name is not only for that: from 50 subscriptions on the classic nucleus opens further connections, whose
    client ids are the thing name, ``#`` and a number.
    https://docs.aws.amazon.com/greengrass/v2/developerguide/device-auth.html
    Nucleus lite has one connection, by the name of its thing, and its makers' own policy uses a variable.
    https://github.com/aws-greengrass/aws-greengrass-lite/blob/326e992b/docs/fleet_provisioning/fleet-provisioning-cfn.yaml

    Args:
        environment: Where the cores connect.
        thing_name_prefix: What the names of the cores begin with; never empty: that would allow every name.
        role_alias_name: The role alias that gives the cores their AWS credentials.
        only_nucleus_lite: Whether all cores run nucleus lite: each may then use its own client id and topics
            only, by policy variables, which the classic nucleus does not support. No by default.
        statements: Further statements of yours; none by default.

    Raises:
        ValueError: With every name that Greengrass does not accept, or if the document is too long.

    Example:
        >>> ireland = Environment("111122223333", "eu-west-1")
        >>> document = core_device_policy(ireland, thing_name_prefix="gg-", role_alias_name="edge")
        >>> document["Statement"][0]["Resource"]
        'arn:aws:iot:eu-west-1:111122223333:client/gg-*'
    """
    require_statements(statements)
    require_names(
        {
            "thing_name_prefix": (thing_name_prefix, CORE_DEVICE_NAME),
            "role_alias_name": (role_alias_name, ROLE_ALIAS_NAME),
        }
    )
    cores = THING_NAME if only_nucleus_lite else f"{thing_name_prefix}*"
    shared = [f"$aws/things/{cores}/jobs/*", f"$aws/things/{cores}/shadow/*"]
    health = [f"$aws/things/{cores}/{name}/health/json" for name in ("greengrass", "greengrassv2")]
    role_alias = environment.iot_arn(f"rolealias/{role_alias_name}")
    document = policy_document(
        [
            allow("CoreClientIds", ["iot:Connect"], [environment.iot_arn(f"client/{cores}")]),
            *topic_statements(environment, [*health, *shared], shared),
            allow("TokenExchange", ["iot:AssumeRoleWithCertificate"], [role_alias]),
            # What the guide shows: it names no resources for these.
            allow("GreengrassDataPlane", DATA_PLANE_ACTIONS, ["*"]),
            *statements,
        ]
    )
    return require_policy_size(
        document,
        environment,
        whose="the cores",
        advice="a shorter thing_name_prefix or fewer statements",
    )
