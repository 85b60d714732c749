"""Whom a role trusts, with its conditions."""

import json


def is_trusted(service: str, role_arn: str, source_arn: str | None) -> bool:
    """Whether a role lets a service act for something of the account and Region of this request.

    Args:
        service: The service.
        role_arn: The role.
        source_arn: What the service acts for; nothing that has a name if it is none.
    """
    from ministack.core import iam_evaluator
    from ministack.core.responses import get_account_id, get_region
    from ministack.services import iam

    role = iam._roles.get(role_arn.rpartition("/")[2])
    if role is None:
        return False
    source = {"aws:sourceaccount": get_account_id(), **({"aws:sourcearn": source_arn} if source_arn else {})}
    context = iam_evaluator.EvalContext(
        principal_arn=service,
        principal_type="Service",
        principal_account=get_account_id(),
        action="sts:AssumeRole",
        resource_arn=role_arn,
        region=get_region(),
        service_context=source,
    )
    document = role["AssumeRolePolicyDocument"]
    statements = (json.loads(document) if isinstance(document, str) else document)["Statement"]
    return any(
        statement["Effect"] == "Allow"
        and iam_evaluator._service_principal_matches(statement["Principal"], service)
        and iam_evaluator._conditions_met(statement.get("Condition", {}), context)
        for statement in statements
    )
