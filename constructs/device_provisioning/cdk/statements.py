"""Statements of policies as programs give them."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import aws_iam as iam

from ..aws_iot.statements import Statement


def plain_statements(statements: Sequence[Mapping[str, Any] | iam.PolicyStatement]) -> list[Statement]:
    """Statements as they stand in a policy document.

    Args:
        statements: Objects, or the statements that AWS CDK has for IAM.
    """
    return [
        statement.to_statement_json() if isinstance(statement, iam.PolicyStatement) else dict(statement)
        for statement in statements
    ]
