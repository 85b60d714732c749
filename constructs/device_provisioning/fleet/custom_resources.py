"""Every custom resource that the caretaker of a stack looks after, each defined once."""

from collections.abc import Callable
from dataclasses import dataclass

from ..aws_iot.statements import Document
from ..panorama.function_role import panorama_device_policy
from .custom_resource_rights import (
    authority_template_policy,
    claim_certificate_policy,
    declared_template_policy,
    group_policy_policy,
    listed_devices_policy,
    provisioned_certificates_policy,
)


@dataclass(frozen=True)
class CustomResourceDefinition:
    """A custom resource; its code is in ``lambdas.custom_resources``, in a module of its own.

    Args:
        resource_type: Its type, which begins with ``Custom::``.
        policy: Makes the document of what is done for it from the resources that it may touch.
        service_timeout_seconds: How long CloudFormation waits for an answer.
    """

    resource_type: str
    policy: Callable[..., Document]
    service_timeout_seconds: int = 300


AUTHORITY_TEMPLATE = CustomResourceDefinition("Custom::AuthorityTemplate", authority_template_policy)
CLAIM_CERTIFICATE = CustomResourceDefinition("Custom::ClaimCertificate", claim_certificate_policy)
DECLARED_TEMPLATE = CustomResourceDefinition("Custom::DeclaredProvisioningTemplate", declared_template_policy)
GROUP_POLICY = CustomResourceDefinition("Custom::GroupPolicy", group_policy_policy)
LISTED_DEVICES = CustomResourceDefinition("Custom::ListedDevices", listed_devices_policy)
PANORAMA_DEVICE = CustomResourceDefinition("Custom::PanoramaDevice", panorama_device_policy, 600)
PROVISIONED_CERTIFICATES = CustomResourceDefinition(
    "Custom::ProvisionedCertificates", provisioned_certificates_policy, 1200
)
CUSTOM_RESOURCES = (
    AUTHORITY_TEMPLATE,
    CLAIM_CERTIFICATE,
    DECLARED_TEMPLATE,
    GROUP_POLICY,
    LISTED_DEVICES,
    PANORAMA_DEVICE,
    PROVISIONED_CERTIFICATES,
)
