"""The Lambda functions that come with this library."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from aws_cdk import CustomResource, Duration, IgnoreMode, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from ..fleet.function_code import FOLDER
from ..fleet.function_definition import FunctionDefinition, require_environment_fits
from ..fleet.function_roles import function_trust
from .acknowledgements import Finding, Reasons, acknowledge
from .durations import seconds
from .places import environment_of, put
from .service_role import service_role

ENVIRONMENT_REASON = "they name resources and hold no secret; Lambda encrypts them with its own key"
LOG_REASONS = {
    Finding.LOG_GROUP_WITHOUT_CUSTOMER_KEY: "lines hold no secret; CloudWatch encrypts them with its own key"
}

AUDIT_TRAIL = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
"""What happens by default to the log of who was let through."""


@dataclass(frozen=True)
class Invocation:
    """Why a function needs neither a dead-letter queue nor a limit, which depends on who invokes it."""

    dead_letters: str
    concurrency: str


INVOKED_BY_CLOUDFORMATION = Invocation(
    dead_letters="CloudFormation waits for the answer, and without one the deployment fails",
    concurrency="CloudFormation invokes it once for each change",
)
INVOKED_BY_AWS_IOT = Invocation(
    dead_letters="AWS IoT waits for the answer, and without one the device is denied and asks again",
    concurrency="a device that is turned away by a limit can't register; a limit can be set",
)


class LibraryFunction(Construct):
    """Define a function of this library with its own role and its own log group.

    The role may write to that log group and do what ``policy`` says, nothing else.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        definition: The function.
        rights: What its policy is made from: the resources that it may touch.
        environment: Its environment variables; none by default.
        log_retention: How long its log lines are kept; a year by default.
        log_removal_policy: What happens to the log group when it leaves the stack; it is deleted by default.
        invocation: Who invokes it; CloudFormation by default.
        code: Its code; by default the module of the handler and what it imports of this package.
        reserved_concurrent_executions: How many may run at once; not limited by default.
        dead_letter_queue: Where events go that failed three times; nowhere by default.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        definition: FunctionDefinition,
        *,
        rights: Mapping[str, Any],
        environment: Mapping[str, str] | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        log_removal_policy: RemovalPolicy = RemovalPolicy.DESTROY,
        invocation: Invocation = INVOKED_BY_CLOUDFORMATION,
        code: lambda_.AssetCode | None = None,
        reserved_concurrent_executions: int | None = None,
        dead_letter_queue: sqs.IQueue | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        put(self, scope, construct_id)
        require_environment_fits(environment or {}, definition.shortening)
        self.log_group = logs.LogGroup(
            self, "LogGroup", retention=log_retention, removal_policy=log_removal_policy
        )
        self.role = service_role(
            self,
            "Role",
            trust=function_trust(environment_of(scope)),
            policy=definition.policy(
                log_group_name=self.log_group.log_group_name, environment=environment_of(scope), **rights
            ),
            description=definition.description,
        )
        self.function = lambda_.Function(
            self,
            "Function",
            code=code or _code(definition),
            handler=definition.handler,
            **_platform(),
            role=iam.Role.from_role_arn(self, "RoleReference", self.role.role_arn, mutable=False),
            description=definition.description,
            timeout=seconds(definition.timeout_seconds),
            memory_size=definition.memory_mib,
            environment=dict(environment or {}),
            log_group=self.log_group,
            reserved_concurrent_executions=reserved_concurrent_executions,
            on_failure=self._destination(dead_letter_queue) if dead_letter_queue else None,
            max_event_age=seconds(age) if (age := definition.max_event_age_seconds) else None,
        )
        acknowledge(self.log_group, LOG_REASONS)
        acknowledge(self.function, _reasons(invocation, bool(environment), reserved_concurrent_executions))

    def _destination(self, queue: sqs.IQueue) -> destinations.SqsDestination:
        # A reference: CDK would name the role in the policy of the queue's key, and both wait for each other.
        return destinations.SqsDestination(
            sqs.Queue.from_queue_arn(self, "DeadLetterQueueReference", queue.queue_arn)
        )

    def custom_resource(
        self,
        scope: Construct,
        construct_id: str,
        *,
        resource_type: str,
        properties: Mapping[str, Any],
        service_timeout: Duration,
    ) -> CustomResource:
        """Define a custom resource that this function makes.

        An event that could end when CloudFormation waits for it no more must not be begun: it would undo what
        newer ones did, as no event tells its place in their order. So the timeout of the
        function and the age of events are no longer than ``service_timeout`` together.

        Args:
            scope: The construct above.
            construct_id: The id under it.
            resource_type: Its type, which begins with ``Custom::``.
            properties: Its properties.
            service_timeout: How long CloudFormation waits for an answer.
        """
        resource = CustomResource(
            scope,
            construct_id,
            service_token=self.function.function_arn,
            resource_type=resource_type,
            properties=dict(properties),
            service_timeout=service_timeout,
        )
        # The age that is allowed has to be known before the first event and until after the last.
        resource.node.add_dependency(self.function.node.find_child("EventInvokeConfig"))
        return resource


def _reasons(invocation: Invocation, has_environment: bool, limit: int | None) -> Reasons:
    return {
        Finding.FUNCTION_OUTSIDE_VPC: "it calls public APIs only, and nothing calls it over a network",
        Finding.FUNCTION_WITHOUT_DEAD_LETTER_QUEUE: invocation.dead_letters,
        **({} if limit else {Finding.FUNCTION_WITHOUT_CONCURRENCY_LIMIT: invocation.concurrency}),
        **({Finding.FUNCTION_WITHOUT_CUSTOMER_KEY: ENVIRONMENT_REASON} if has_environment else {}),
    }


@cache
def _platform() -> Mapping[str, Any]:
    """Asked for once: each of the two is a question to another process."""
    return {"runtime": lambda_.Runtime.PYTHON_3_14, "architecture": lambda_.Architecture.ARM_64}


def _code(definition: FunctionDefinition) -> lambda_.AssetCode:
    files = definition.files
    folders = {str(folder) for file in files for folder in PurePosixPath(file).parents[:-1]}
    wanted = [f"!/{path}" for path in sorted([*folders, *files])]
    return lambda_.Code.from_asset(str(FOLDER), exclude=["*", *wanted], ignore_mode=IgnoreMode.GIT)
