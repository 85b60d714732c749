"""The Lambda functions that come with this library."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pulumi
import pulumi_aws as aws

from .. import lambdas
from ..aws_iot.environment import Environment
from ..aws_iot.function_roles import function_trust
from .documents import document_json
from .environment import environment_of
from .service_role import service_role

FOLDER = Path(lambdas.__file__).parent
LOG_RETENTION_DAYS = 365

Policy = Callable[[pulumi.Output[str], pulumi.Output[Environment]], pulumi.Output[str]]
"""Makes a role's policy document from the log group's name and the environment."""


class LibraryFunction(pulumi.ComponentResource):
    """Define a function of this library with its own role and its own log group.

    The role may write to that log group and do what ``policy`` says, nothing else.

    Args:
        name: The name of the resource.
        handler: Folder, module and function, such as ``pre_provisioning_hook.handler.handler``.
        policy: Makes the role's policy document.
        description: What the function does.
        timeout_seconds: How long it may run.
        environment: Its environment variables.
        memory_mib: Its memory in MiB.
        log_retention_days: How long its log lines are kept; a year by default.
        reserved_concurrent_executions: How many may run at once; not limited by default.
        dead_letter_queue: Where events go that failed three times; nowhere by default.
        opts: Options of the resource.
    """

    def __init__(
        self,
        name: str,
        *,
        handler: str,
        policy: Policy,
        description: str,
        timeout_seconds: int,
        environment: pulumi.Input[Mapping[str, pulumi.Input[str]]],
        memory_mib: int,
        log_retention_days: pulumi.Input[int] = LOG_RETENTION_DAYS,
        reserved_concurrent_executions: pulumi.Input[int] | None = None,
        dead_letter_queue: aws.sqs.Queue | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("device-provisioning:index:LibraryFunction", name, {}, opts)
        own = pulumi.ResourceOptions(parent=self)
        where = environment_of(self)
        self.log_group = aws.cloudwatch.LogGroup(
            f"{name}-log-group", retention_in_days=log_retention_days, opts=own
        )
        self.role, permissions = service_role(
            f"{name}-role",
            parent=self,
            trust=document_json(function_trust, environment=where),
            policy=policy(self.log_group.name, where),
            description=description,
        )
        self.function = aws.lambda_.Function(
            f"{name}-function",
            code=_code(handler.partition(".")[0]),
            handler=handler,
            runtime="python3.14",
            architectures=["arm64"],
            role=self.role.arn,
            description=description,
            timeout=timeout_seconds,
            memory_size=memory_mib,
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


def _code(folder: str) -> pulumi.AssetArchive:
    # A file each: a folder would bring its __pycache__ along and change with it.
    files = sorted((FOLDER / folder).glob("*.py"))
    return pulumi.AssetArchive({f"{folder}/{file.name}": pulumi.FileAsset(str(file)) for file in files})
