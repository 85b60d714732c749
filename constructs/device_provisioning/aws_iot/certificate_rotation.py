"""Documents with which devices replace their own certificates."""

from .claim_policy import claim_policy
from .device_policy import THING_NAME
from .environment import Environment
from .statements import Document, Statement, allow, policy_document


def confirmation_topic(template_name: str, thing_name: str) -> str:
    """Where a device confirms that its new certificate works.

    Example:
        >>> confirmation_topic("pump-rotation", "pump-1")
        'certificate-rotation/pump-rotation/pump-1/confirmed'
    """
    return f"certificate-rotation/{template_name}/{thing_name}/confirmed"


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
        [allow("Things", ["iot:ListThingPrincipals"], [things]), _logs(log_group_name, environment)]
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
            _logs(log_group_name, environment),
        ]
    )


def _logs(log_group_name: str, environment: Environment) -> Statement | None:
    streams = environment.log_streams_arn(log_group_name)
    return allow("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], [streams])
