"""Documents with which devices replace their own certificates."""

from .claim_policy import claim_policy
from .environment import Environment
from .function_definition import FunctionDefinition
from .function_roles import log_statement
from .generated_name import generated_name
from .hook_settings import HOOK_TIMEOUT_SECONDS
from .statements import Document, Statement, allow, policy_document
from .topic_statements import THING_NAME

ROTATION_DESCRIPTION = "Devices replace their own certificates"
ROTATION_HOOK = FunctionDefinition(
    "certificate_rotation.hook.handler",
    "Lets devices replace their own certificates",
    timeout_seconds=HOOK_TIMEOUT_SECONDS,
    memory_mib=512,
)
RETIREMENT = FunctionDefinition(
    "certificate_rotation.retirement.handler",
    "Takes certificates out of use that devices have replaced",
    timeout_seconds=30,
)


def confirmation_topic(template_name: str, thing_name: str) -> str:
    """Where a device confirms that its new certificate works.

    Example:
        >>> confirmation_topic("pump-rotation", "pump-1")
        'certificate-rotation/pump-rotation/pump-1/confirmed'
    """
    return f"certificate-rotation/{template_name}/{thing_name}/confirmed"


def confirmation_query(template_name: str) -> str:
    """The SQL of the rule that tells which thing confirmed, and with which certificate."""
    topic = confirmation_topic(template_name, "+")
    return f"SELECT topic(3) AS thing_name, principal() AS certificate_id FROM '{topic}'"  # noqa: S608


def rotation_rule_name(template_name: str) -> str:
    """A name for that rule, known as soon as the template's: what the rule needs can be there before it.

    Example:
        >>> rotation_rule_name("pump-rotation")
        'pump_rotation_e0e73d6b'
    """
    return generated_name(template_name, longest=128).replace("-", "_")


def rotation_statements(template_name: str, environment: Environment) -> list[Statement]:
    """Statements for a device policy: obtain a certificate, register it through one template, confirm it.

    Args:
        template_name: The template of the rotation.
        environment: Where devices connect.
    """
    enrolment = [
        {**statement, "Sid": f"Rotation{statement['Sid']}"}
        for statement in claim_policy(template_name, environment)["Statement"]
        if statement["Action"] != "iot:Connect"
    ]
    topic = environment.iot_arn(f"topic/{confirmation_topic(template_name, THING_NAME)}")
    confirm = allow("RotationConfirmation", ["iot:Publish"], [topic])
    return [*enrolment, *([confirm] if confirm else [])]


def rotation_hook_policy(thing_name_prefix: str, log_group_name: str, environment: Environment) -> Document:
    """Allow the hook to look at the certificates of things, and nothing else."""
    things = environment.iot_arn(f"thing/{thing_name_prefix}*")
    return policy_document(
        [allow("Things", ["iot:ListThingPrincipals"], [things]), log_statement(environment, log_group_name)]
    )


def retirement_policy(thing_name_prefix: str, log_group_name: str, environment: Environment) -> Document:
    """Allow the function that retires replaced certificates to take certificates of things out of use."""
    things, certificates = environment.iot_arn(f"thing/{thing_name_prefix}*"), environment.iot_arn("cert/*")
    actions = [
        "iot:DescribeCertificate",
        "iot:DetachPolicy",
        "iot:DetachThingPrincipal",
        "iot:UpdateCertificate",
    ]
    return policy_document(
        [
            allow("Things", ["iot:ListThingPrincipals"], [things]),
            # The authorisation reference puts the thing's principals on the certificate, the emulator on it.
            allow("Certificates", actions, [certificates, things]),
            allow("WithoutResourceLevel", ["iot:ListAttachedPolicies"], ["*"]),
            log_statement(environment, log_group_name),
        ]
    )
