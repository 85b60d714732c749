"""A role whose trust names another role of the account can be assumed by it without a policy of that one.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

import json
from typing import Any


def install(_iot: Any) -> None:
    """Let MiniStack read a role's trust as the policy of what is assumed, as it reads a bucket's policy."""
    from ministack.core import iam_evaluator
    from ministack.services import iam

    def trust_policy_for_arn(arn: str) -> tuple[dict[str, Any], str] | None:
        account, name = arn.split(":")[4], arn.rpartition("/")[2]
        role = iam._roles.get_scoped(account, None, name)
        if role is None:
            return None
        trust = role["AssumeRolePolicyDocument"]
        document = json.loads(trust) if isinstance(trust, str) else trust
        # A trust says nothing of resources: it is about its own role.
        statements = [{**statement, "Resource": arn} for statement in document["Statement"]]
        return {**document, "Statement": statements}, account

    iam.trust_policy_for_arn = trust_policy_for_arn
    iam_evaluator._RESOURCE_POLICY_LOOKUPS["sts"] = ("iam", "trust_policy_for_arn")
