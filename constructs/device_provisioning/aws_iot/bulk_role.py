"""Documents of bulk registration: of the role that AWS IoT assumes, and of who starts tasks with it."""

from collections.abc import Mapping
from typing import Any

from .environment import Environment
from .provisioning_role import provisioning_role_policy
from .statements import Document, allow, policy_document, service_trust

ROLE_DESCRIPTION = "AWS IoT registers devices in bulk with this role"
FILE_EXPIRATION_DAYS = 30
"""When AWS IoT deletes what it knows of a task: https://docs.aws.amazon.com/general/latest/gr/iot-core.html."""


def bulk_role_trust(environment: Environment) -> Document:
    """Trust AWS IoT to act for this account; a registration task has no ARN that could be named.

    For registration tasks it is not documented that AWS IoT names the account at all, and without the name
    a strict condition would deny every task:
    https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html
    """
    return service_trust("iot.amazonaws.com", environment, account_if_exists=True)


def bulk_role_policy(
    body: Mapping[str, Any], environment: Environment, files_arn: str, encryption_key_arn: str | None = None
) -> Document:
    """Allow what a bulk body needs, and to read the files of parameters.

    Args:
        body: The template body as a JSON document.
        environment: Where the resources live.
        files_arn: The S3 objects that may be read.
        encryption_key_arn: The customer key of their bucket, if it has one.
    """
    brings_csr = any(
        "CertificateSigningRequest" in resource.get("Properties", {})
        for resource in body.get("Resources", {}).values()
    )
    return policy_document(
        [
            *provisioning_role_policy(body, environment)["Statement"],
            allow("NewCertificates", ["iot:CreateCertificateFromCsr"], ["*"] if brings_csr else []),
            allow("ParameterFiles", ["s3:GetObject"], [files_arn]),
            allow("ParameterFilesKey", ["kms:Decrypt"], [encryption_key_arn] if encryption_key_arn else []),
        ]
    )


def bulk_start_policy(role_arn: str, files_arn: str, encryption_key_arn: str | None = None) -> Document:
    """Allow somebody to upload a file, to start a task with one role, to follow it and to read its reports.

    The actions of tasks have no resource-level control:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html

    Args:
        role_arn: The role that the task runs with.
        files_arn: The S3 objects that may be written.
        encryption_key_arn: The customer key of their bucket, if it has one.
    """
    task_actions = [
        "iot:DescribeThingRegistrationTask",
        "iot:ListThingRegistrationTaskReports",
        "iot:StartThingRegistrationTask",
    ]
    to_aws_iot = {"StringEquals": {"iam:PassedToService": "iot.amazonaws.com"}}
    key_arns = [encryption_key_arn] if encryption_key_arn else []
    return policy_document(
        [
            allow("RegistrationTasks", task_actions, ["*"]),
            allow("RegistrationRole", ["iam:PassRole"], [role_arn], to_aws_iot),
            allow("ParameterFiles", ["s3:PutObject"], [files_arn]),
            allow("ParameterFilesKey", ["kms:GenerateDataKey"], key_arns),
        ]
    )
