"""The Lambda functions that come with this library."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from ..fleet.function_code import FOLDER
from ..fleet.function_definition import FunctionDefinition, require_environment_fits
from ..fleet.function_roles import function_trust
from .device_allow_list import RemovalPolicy
from .documents import document_json, now_or_later
from .environment import environment_of
from .service_role import service_role

ACCEPTED_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""
LOG_RETENTION_DAYS = 365


class LibraryFunction(pulumi.ComponentResource):
    """Define a function of this library with its own role and its own log group.

    The role may write to that log group and do what ``policy`` says, nothing else.

    Args:
        name: The name of the resource.
        definition: The function.
        rights: What its policy is made from: the resources that it may touch.
        environment: Its environment variables.
        log_retention_days: How long its log lines are kept; a year by default.
        log_removal_policy: What happens to the log group when it is not defined any more; it is deleted by
            default.
        reserved_concurrent_executions: How many may run at once; not limited by default.
        dead_letter_queue: Where events go that failed three times; nowhere by default.
        opts: Options of the resource.
    """

    def __init__(
        self,
        name: str,
        definition: FunctionDefinition,
        *,
        rights: Mapping[str, pulumi.Input[str] | None],
        environment: pulumi.Input[Mapping[str, pulumi.Input[str]]],
        log_retention_days: pulumi.Input[int] = LOG_RETENTION_DAYS,
        log_removal_policy: RemovalPolicy = RemovalPolicy.DESTROY,
        reserved_concurrent_executions: pulumi.Input[int] | None = None,
        dead_letter_queue: aws.sqs.Queue | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("device-provisioning:index:LibraryFunction", name, {}, opts)
        if isinstance(environment, Mapping):
            require_environment_fits(environment, definition.shortening)
        own = pulumi.ResourceOptions(parent=self)
        where = environment_of(self)
        self.log_group = aws.cloudwatch.LogGroup(
            f"{name}-log-group",
            retention_in_days=now_or_later(_accepted, days=log_retention_days),
            opts=pulumi.ResourceOptions(
                parent=self, retain_on_delete=log_removal_policy is not RemovalPolicy.DESTROY
            ),
        )
        self.role, permissions = service_role(
            f"{name}-role",
            parent=self,
            trust=document_json(function_trust, environment=where),
            policy=document_json(
                definition.policy, log_group_name=self.log_group.name, environment=where, **rights
            ),
            description=definition.description,
        )
        self.function = aws.lambda_.Function(
            f"{name}-function",
            code=_code(definition),
            handler=definition.handler,
            runtime="python3.14",
            architectures=["arm64"],
            role=self.role.arn,
            description=definition.description,
            timeout=definition.timeout_seconds,
            memory_size=definition.memory_mib,
            environment={"variables": environment},
            logging_config={"log_format": "Text", "log_group": self.log_group.name},
            reserved_concurrent_executions=reserved_concurrent_executions,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permissions]),
        )
        if dead_letter_queue:
            aws.lambda_.FunctionEventInvokeConfig(
                f"{name}-failed-events",
                function_name=self.function.name,
                destination_config={"on_failure": {"destination": dead_letter_queue.arn}},
                opts=own,
            )
        self.register_outputs({"functionArn": self.function.arn})


def _accepted(days: float) -> int:
    if days not in ACCEPTED_RETENTION_DAYS:
        accepted = ", ".join(map(str, ACCEPTED_RETENTION_DAYS))
        raise ValueError(f"log_retention_days is {days:g}: CloudWatch accepts {accepted}")
    return int(days)


def _code(definition: FunctionDefinition) -> pulumi.AssetArchive:
    return pulumi.AssetArchive({file: pulumi.FileAsset(str(FOLDER / file)) for file in definition.files})
