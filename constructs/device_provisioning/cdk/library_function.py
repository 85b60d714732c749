"""The Lambda functions that come with this library."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any
from weakref import WeakKeyDictionary

from aws_cdk import CfnResource, IgnoreMode, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IConstruct

from ..fleet.function_code import FOLDER
from ..fleet.function_definition import FunctionDefinition, require_environment_fits
from ..fleet.function_roles import function_trust
from .acknowledgements import Finding, Reasons, acknowledge_rules, rules_of, skip_checks
from .log_retention import days_of
from .places import environment_of, place_of, put
from .service_role import ServiceRole

ENVIRONMENT_REASON = "they name resources and hold no secret; Lambda encrypts them with its own key"
LOG_REASONS = {
    Finding.LOG_GROUP_WITHOUT_CUSTOMER_KEY: "lines hold no secret; CloudWatch encrypts them with its own key"
}
AUDIT_TRAIL = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
"""What happens by default to the log of who was let through."""
_CODE: WeakKeyDictionary[IConstruct, dict[str, lambda_.CfnFunction.CodeProperty]] = WeakKeyDictionary()
"""Where the code of a stack's functions is, by handler: it is packed once."""
_VIEWED: WeakKeyDictionary[lambda_.IFunction, "LibraryFunction"] = WeakKeyDictionary()


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

    Attributes:
        arn: Its ARN.
        role_arn: The ARN of its role.
        log_group_name: The name of its log group.
        waits: How old its events may be and where they go that failed; none if that is Lambda's default.
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
        self.log_group_name = self._create_log_group(log_retention, log_removal_policy)
        where = environment_of(self)
        role = ServiceRole(
            self,
            "Role",
            trust=function_trust(where),
            policy=definition.policy(log_group_name=self.log_group_name, environment=where, **rights),
            description=definition.description,
            acknowledged=False,
        )
        self.role_arn = role.arn
        self._resource = lambda_.CfnFunction(
            self,
            "Function",
            code=_location(code.bind(self)) if code else code_of(self, definition),
            handler=definition.handler,
            runtime="python3.14",
            architectures=["arm64"],
            role=self.role_arn,
            description=definition.description,
            timeout=definition.timeout_seconds,
            memory_size=definition.memory_mib,
            environment=_variables(environment),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(log_group=self.log_group_name),
            reserved_concurrent_executions=reserved_concurrent_executions,
        )
        self.arn = self._resource.attr_arn
        reasons = _reasons(invocation, bool(environment), reserved_concurrent_executions)
        skip_checks(self._resource, reasons)
        # On this scope, as there is nothing else in it, and each of its resources would be two calls more.
        acknowledge_rules(self, {**role.rules, **rules_of({**LOG_REASONS, **reasons})})
        self.waits = self._create_waits(definition.max_event_age_seconds, dead_letter_queue)

    @cached_property
    def function(self) -> lambda_.IFunction:
        """The function with grants and metrics, for those who ask for it."""
        role = iam.Role.from_role_arn(self, "RoleView", self.role_arn, mutable=False)
        view = lambda_.Function.from_function_attributes(
            self, "FunctionView", function_arn=self.arn, role=role, same_environment=True
        )
        _VIEWED[view] = self
        return view

    @cached_property
    def function_name(self) -> str:
        """The name of the function."""
        return self._resource.ref

    def metric(self, name: str, **options: Any) -> cloudwatch.Metric:
        """A metric of the function."""
        dimensions = {"FunctionName": self.function_name}
        return cloudwatch.Metric(
            namespace="AWS/Lambda", metric_name=name, dimensions_map=dimensions, **options
        )

    def custom_resource(
        self,
        scope: Construct,
        construct_id: str,
        *,
        resource_type: str,
        properties: Mapping[str, Any],
        service_timeout_seconds: int,
    ) -> CfnResource:
        """Define a custom resource that this function makes.

        An event that could end when CloudFormation waits for it no more must not be begun: it would undo what
        newer ones did, as no event tells its place in their order. So the timeout of the
        function and the age of events are no longer than ``service_timeout_seconds`` together. The age that
        is allowed has to be known before the first event and until after the last: have the resource, or
        what it refers to, depend on ``waits``.

        Args:
            scope: The construct above.
            construct_id: The id under it.
            resource_type: Its type, which begins with ``Custom::``.
            properties: Its properties.
            service_timeout_seconds: How long CloudFormation waits for an answer.
        """
        own = {"ServiceToken": self.arn, "ServiceTimeout": str(service_timeout_seconds)}
        return CfnResource(scope, construct_id, type=resource_type, properties={**properties, **own})

    def _create_log_group(self, retention: logs.RetentionDays, removal_policy: RemovalPolicy) -> str:
        log_group = logs.CfnLogGroup(self, "LogGroup", retention_in_days=days_of(retention))
        log_group.apply_removal_policy(removal_policy)
        skip_checks(log_group, LOG_REASONS)
        return log_group.ref

    def _create_waits(
        self, max_event_age_seconds: int | None, dead_letter_queue: sqs.IQueue | None
    ) -> lambda_.CfnEventInvokeConfig | None:
        if not (max_event_age_seconds or dead_letter_queue):
            return None
        config = lambda_.CfnEventInvokeConfig
        failed = (
            config.OnFailureProperty(destination=dead_letter_queue.queue_arn) if dead_letter_queue else None
        )
        return config(
            self,
            "EventInvokeConfig",
            function_name=self._resource.ref,
            qualifier="$LATEST",
            maximum_event_age_in_seconds=max_event_age_seconds,
            destination_config=config.DestinationConfigProperty(on_failure=failed) if failed else None,
        )


def viewed(function: lambda_.IFunction) -> lambda_.IFunction | LibraryFunction:
    """What a function is a view of; itself, if it is none."""
    return _VIEWED.get(function, function)


def _reasons(invocation: Invocation, has_environment: bool, limit: int | None) -> Reasons:
    return {
        Finding.FUNCTION_OUTSIDE_VPC: "it calls public APIs only, and nothing calls it over a network",
        Finding.FUNCTION_WITHOUT_DEAD_LETTER_QUEUE: invocation.dead_letters,
        **({} if limit else {Finding.FUNCTION_WITHOUT_CONCURRENCY_LIMIT: invocation.concurrency}),
        **({Finding.FUNCTION_WITHOUT_CUSTOMER_KEY: ENVIRONMENT_REASON} if has_environment else {}),
    }


def _variables(environment: Mapping[str, str] | None) -> lambda_.CfnFunction.EnvironmentProperty | None:
    return lambda_.CfnFunction.EnvironmentProperty(variables=dict(environment)) if environment else None


def code_of(scope: Construct, definition: FunctionDefinition) -> lambda_.CfnFunction.CodeProperty:
    """Where the code of a function is, packed once in a stack."""
    packed = _CODE.setdefault(place_of(scope).stack, {})
    if definition.handler not in packed:
        files = definition.files
        folders = {str(folder) for file in files for folder in PurePosixPath(file).parents[:-1]}
        wanted = [f"!/{path}" for path in sorted([*folders, *files])]
        code = lambda_.Code.from_asset(str(FOLDER), exclude=["*", *wanted], ignore_mode=IgnoreMode.GIT)
        packed[definition.handler] = _location(code.bind(scope))
    return packed[definition.handler]


def _location(code: lambda_.CodeConfig) -> lambda_.CfnFunction.CodeProperty:
    location = code.s3_location
    assert location is not None  # noqa: S101  # where an asset is
    return lambda_.CfnFunction.CodeProperty(s3_bucket=location.bucket_name, s3_key=location.object_key)
