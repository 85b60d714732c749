"""The stack and the bucket of a run on the AWS CDK."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from ..console.aws_refusals import RefusedError
from ..console.sources import UnreadableError
from .aws import Aws
from .leftovers import Left
from .naming import Names
from .waiting import first

SECONDS = 1800
DEFAULT_REGION = "us-east-1"
GONE = "DELETE_COMPLETE"
MISSING, NOT_EMPTY = "NoSuchBucket", "BucketNotEmpty"
SECONDS_TO_DETACH = 300
"""How long AWS IoT may refuse to delete a policy after it was detached.

https://docs.aws.amazon.com/iot/latest/apireference/API_DeletePolicy.html
"""
SECONDS_IN_FLIGHT = 10
"""How long AWS may take to begin with what was asked for as the run was interrupted."""


class Bucket:
    """The bucket that the AWS CDK puts what it deploys into.

    Args:
        aws: The clients.
        names: The names of the run.
    """

    def __init__(self, aws: Aws, names: Names) -> None:
        self._s3, self._name = aws.s3, names.bucket
        self._is_made = False
        self.command = f"aws s3 rb --force s3://{self._name}"

    def make(self) -> None:
        """Make it.

        Raises:
            UnreadableError: If S3 refuses.
        """
        region = self._s3.region
        place = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self._is_made = True
        try:
            self._s3.call("create_bucket", Bucket=self._name, **({} if region == DEFAULT_REGION else place))
        except RefusedError:
            self._is_made = False
            raise

    def remove(self, *, is_answered: bool) -> Iterator[Left]:
        """Empty and delete it, if this run has made it; gives it if that is not possible.

        Args:
            is_answered: Whether AWS has answered all that was asked for, so that nothing appears later.
        """
        refusals: list[RefusedError] = []

        def is_gone() -> bool | None:
            try:
                self._empty_and_delete()
            except RefusedError as error:
                refusals.append(error)
                if error.code not in (MISSING, NOT_EMPTY):
                    raise
                return True if is_answered and error.code == MISSING else None
            return True

        try:
            if self._is_made and not first(is_gone, SECONDS_IN_FLIGHT) and refusals[-1].code == NOT_EMPTY:
                raise refusals[-1]
        except UnreadableError as error:
            yield Left(f"bucket {self._name}", str(error), self.command)

    def _empty_and_delete(self) -> None:
        for item in self._s3.pages("list_objects_v2", "Contents", Bucket=self._name):
            self._s3.call("delete_object", Bucket=self._name, Key=item["Key"])
        self._s3.call("delete_bucket", Bucket=self._name)


class Stack:
    """The stack of a run.

    Args:
        aws: The clients.
        names: The names of the run.
    """

    def __init__(self, aws: Aws, names: Names) -> None:
        self._cloudformation, self._name = aws.cloudformation, names.fleet
        quoted = shlex.quote(self._name)
        self.command = (
            f"aws cloudformation delete-stack --stack-name {quoted}"
            f" && aws cloudformation wait stack-delete-complete --stack-name {quoted}"
        )

    def remove(self, *, is_answered: bool) -> Iterator[Left]:
        """Delete it once nothing happens to it any more; gives it if that is not possible.

        Args:
            is_answered: Whether AWS has answered all that was asked for, so that nothing appears later.
        """
        try:
            first(lambda: self._described(self._name), 0 if is_answered else SECONDS_IN_FLIGHT)
            stack = self._settled(self._name)
            if stack is None:
                return
            if not first(lambda: self._is_deleted(stack["StackId"]), SECONDS_TO_DETACH):
                reasons = map(_reason, self._failures(stack["StackId"]))
                yield Left(f"stack {self._name}", "; ".join(reasons), self.command)
        except UnreadableError as error:
            yield Left(f"stack {self._name}", str(error), self.command)

    def _is_deleted(self, stack_id: str) -> bool | None:
        """Delete it; nothing if something of AWS IoT is in the way, which may not be detached yet."""
        self._cloudformation.call("delete_stack", StackName=stack_id)
        if self._settled(stack_id) is None:
            return True
        types = [event["ResourceType"] for event in self._failures(stack_id)]
        return None if any(name.startswith("AWS::IoT::") for name in types) else False

    def _settled(self, name: str) -> Mapping[str, Any] | None:
        """The stack when it neither comes nor goes; nothing if there is none."""
        described: list[Mapping[str, Any] | None] = [None]

        def ask() -> bool | None:
            described[0] = self._described(name)
            status = described[0]["StackStatus"] if described[0] else GONE
            return None if status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS" else True

        if first(ask, SECONDS) is None:
            raise UnreadableError(f"it has been busy for {SECONDS // 60} minutes")
        return described[0]

    def _described(self, name: str) -> Mapping[str, Any] | None:
        try:
            (stack,) = self._cloudformation.call("describe_stacks", StackName=name)["Stacks"]
        except RefusedError as error:
            if error.code == "ValidationError":
                return None
            raise
        return None if stack["StackStatus"] == GONE else stack

    def _failures(self, stack_id: str) -> Iterator[Mapping[str, Any]]:
        """What kept the last attempt to delete it from ending; the last of it first."""
        for event in self._cloudformation.each("describe_stack_events", "StackEvents", StackName=stack_id):
            if event["PhysicalResourceId"] == stack_id:
                if event["ResourceStatus"] == "DELETE_IN_PROGRESS":
                    return
            elif event["ResourceStatus"] == "DELETE_FAILED":
                yield event


def _reason(event: Mapping[str, Any]) -> str:
    return f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
