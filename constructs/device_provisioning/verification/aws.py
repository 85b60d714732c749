"""The clients of a run: one a service."""

from functools import cached_property

from ..console.aws_calls import AwsCalls

SUBJECT = "verify"


class Aws:
    """Clients of AWS, each made when it is first asked for.

    Raises:
        UnreadableError: If no Region is chosen, or a profile that does not exist.
    """

    @cached_property
    def iot(self) -> AwsCalls:
        """AWS IoT."""
        return AwsCalls(SUBJECT, "iot")

    @cached_property
    def dynamodb(self) -> AwsCalls:
        """DynamoDB, where the allow list is."""
        return AwsCalls(SUBJECT, "dynamodb")

    @cached_property
    def cloudformation(self) -> AwsCalls:
        """CloudFormation, which the AWS CDK deploys with."""
        return AwsCalls(SUBJECT, "cloudformation")

    @cached_property
    def s3(self) -> AwsCalls:
        """S3, where the AWS CDK puts what it deploys."""
        return AwsCalls(SUBJECT, "s3")

    @cached_property
    def secrets(self) -> AwsCalls:
        """Secrets Manager, where the claim is."""
        return AwsCalls(SUBJECT, "secretsmanager")

    @cached_property
    def logs(self) -> AwsCalls:
        """CloudWatch Logs, where the hook says why it denied."""
        return AwsCalls(SUBJECT, "logs")

    @cached_property
    def functions(self) -> AwsCalls:
        """Lambda, which knows where a function writes its log."""
        return AwsCalls(SUBJECT, "lambda")

    @cached_property
    def cloudtrail(self) -> AwsCalls:
        """CloudTrail, which knows what AWS IoT called."""
        return AwsCalls(SUBJECT, "cloudtrail")

    @cached_property
    def sts(self) -> AwsCalls:
        """Who the caller is."""
        return AwsCalls(SUBJECT, "sts")
