"""Where resources live: the part of every ARN that a document needs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Environment:
    """An account in a Region of a partition.

    Args:
        account: The account id. An engine's placeholder for a value that is not known yet is fine.
        region: The Region.
        partition: ``aws``, ``aws-cn`` or ``aws-us-gov``.

    Example:
        >>> Environment("111122223333", "eu-west-1").iot_arn("thing/pump-1")
        'arn:aws:iot:eu-west-1:111122223333:thing/pump-1'
    """

    account: str
    region: str
    partition: str = "aws"

    def iot_arn(self, resource: str) -> str:
        """The ARN of an AWS IoT resource, such as ``thing/pump-1``."""
        return f"arn:{self.partition}:iot:{self.region}:{self.account}:{resource}"

    def template_arn(self, template_name: str) -> str:
        """The ARN of a provisioning template: it follows from the name, so nothing has to wait for it."""
        return self.iot_arn(f"provisioningtemplate/{template_name}")

    def log_streams_arn(self, log_group_name: str) -> str:
        """The ARN of every stream of a CloudWatch log group."""
        return f"arn:{self.partition}:logs:{self.region}:{self.account}:log-group:{log_group_name}:*"
