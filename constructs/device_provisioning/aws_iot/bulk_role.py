"""Documents of the role that AWS IoT assumes to register devices in bulk."""

from collections.abc import Mapping
from typing import Any

from .environment import Environment
from .provisioning_role import provisioning_role_policy
from .statements import Document, allow, policy_document, service_trust


def bulk_role_trust(environment: Environment) -> Document:
    """Trust AWS IoT to act for this account; a registration task has no ARN that could be named."""
    return service_trust("iot.amazonaws.com", environment)


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
