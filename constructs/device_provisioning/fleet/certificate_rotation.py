"""What the rotation of devices' certificates is made of: functions, their roles, the rule that starts one."""

from typing import Any

from ..aws_iot.certificate_rotation import confirmation_topic
from ..aws_iot.environment import Environment
from ..aws_iot.statements import (
    Document,
    Statement,
    allow,
    log_statement,
    policy_document,
    thing_principals,
)
from .function_roles import binding_statement, table_key_statement
from .generated_name import generated_name

ROTATION_DESCRIPTION = "Devices replace their own certificates"


def rotation_environment(*, thing_name_prefix: Any, table_name: Any = None) -> dict[str, Any]:
    """The environment variables of both functions; what an engine knows later is passed on as it is.

    Args:
        thing_name_prefix: What the names of things begin with.
        table_name: The table of the allow list; none by default.
    """
    by_list = {} if table_name is None else {"ALLOW_LIST_TABLE_NAME": table_name}
    return {"THING_NAME_PREFIX": thing_name_prefix, **by_list}


def confirmation_query(template_name: str) -> str:
    """The SQL of the rule that selects which thing confirmed, and with which certificate."""
    topic = confirmation_topic(template_name, "+")
    return f"SELECT topic(3) AS thing_name, principal() AS certificate_id FROM '{topic}'"  # noqa: S608


def rotation_rule_name(template_name: str) -> str:
    """A name for that rule, known as soon as the template's: what the rule needs can be there before it.

    Example:
        >>> rotation_rule_name("pump-rotation")
        'pump_rotation_e0e73d6b'
    """
    return generated_name(template_name, longest=128).replace("-", "_")


def rotation_hook_policy(
    log_group_name: str,
    environment: Environment,
    table_arn: str | None = None,
    encryption_key_arn: str | None = None,
) -> Document:
    """Allow the hook to see the certificates of things and to note in their records that they rotate.

    Args:
        log_group_name: The hook's own log group.
        environment: Where the things are.
        table_arn: The table of the allow list; none by default.
        encryption_key_arn: The customer key of the table, if it has one.
    """
    return policy_document(
        [
            # The authorization reference has not always had a resource type for it.
            allow("Principals", ["iot:ListThingPrincipals"], ["*"]),
            *(_binding_statements(table_arn, environment) if table_arn else ()),
            table_key_statement(encryption_key_arn),
            log_statement(environment, log_group_name),
        ]
    )


def retirement_policy(
    thing_name_prefix: str,
    log_group_name: str,
    environment: Environment,
    table_arn: str | None = None,
    encryption_key_arn: str | None = None,
) -> Document:
    """Allow the function that retires replaced certificates to take certificates of things out of use.

    Args:
        thing_name_prefix: What the names of things begin with.
        log_group_name: The function's own log group.
        environment: Where the things are.
        table_arn: The table of the allow list, whose records name the new certificates; none by default.
        encryption_key_arn: The customer key of the table, if it has one.
    """
    actions = [
        "iot:DescribeCertificate",
        "iot:DetachPolicy",
        "iot:UpdateCertificate",
    ]
    return policy_document(
        [
            allow("Certificates", actions, [environment.iot_arn("cert/*")]),
            thing_principals(environment, ["iot:DetachThingPrincipal"], [f"{thing_name_prefix}*"]),
            allow("WithoutResourceLevel", ["iot:ListAttachedPolicies", "iot:ListThingPrincipals"], ["*"]),
            allow("Record", ["dynamodb:GetItem", "dynamodb:UpdateItem"], [table_arn] if table_arn else []),
            table_key_statement(encryption_key_arn),
            log_statement(environment, log_group_name),
        ]
    )


def _binding_statements(table_arn: str, environment: Environment) -> list[Statement | None]:
    return [
        allow("Record", ["dynamodb:UpdateItem"], [table_arn]),
        binding_statement(table_arn),
        allow("CertificateStates", ["iot:DescribeCertificate"], [environment.iot_arn("cert/*")]),
    ]
