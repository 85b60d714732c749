"""What AWS CDK and Pulumi offer in different ways, each with the reason."""

from device_provisioning import pulumi

ONLY_ON_CDK = {
    "ComponentDeployment": "see ListedDevice",
    "CoreDeviceGroup": "see ListedDevice",
    "EthernetPayload": "see ListedDevice",
    "NetworkPayload": "see ListedDevice",
    "NtpPayload": "see ListedDevice",
    "StaticIpConnectionInfo": "see ListedDevice",
    "IotdaInstance": "a TypedDict there, IotdaInstanceArgs: Pulumi asks without a function",
    "Attestation": "a TypedDict there, AttestationArgs, so that other languages can name keys",
    "ListedDevice": "a TypedDict there, ListedDeviceArgs, so that other languages can declare devices",
    "ProvisioningTemplateChecks": "a plug-in of CDK's own validation; check_provisioning_templates on Pulumi",
}
ONLY_ON_PULUMI = {
    "ComponentDeploymentArgs": "see ListedDevice",
    "CoreDeviceGroupArgs": "see ListedDevice",
    "EthernetPayloadArgs": "see ListedDevice",
    "AttestationArgs": "see Attestation",
    "ListedDeviceArgs": "see ListedDevice",
    "NetworkPayloadArgs": "see ListedDevice",
    "NtpPayloadArgs": "see ListedDevice",
    "RemovalPolicy": "CDK has one of its own",
    "StaticIpConnectionInfoArgs": "see ListedDevice",
    "IotdaInstanceArgs": "see IotdaInstance",
    "check_provisioning_templates": "ProvisioningTemplateChecks on CDK",
}
OTHER_SETTINGS = {
    "BulkRegistration": {"encryption_key": "a bucket of pulumi-aws does not expose its key"},
    "CertificateAuthority": {
        "template": "see ClaimCertificate",
        "template_name": "see ClaimCertificate",
    },
    "ClaimCertificate": {
        "template": "a component can't be an input of a component: the name is",
        "template_name": "see template",
        "rotate_automatically_after_days": "add_rotation on CDK: see devices of DeviceAllowList",
    },
    "CertificateRotation": {"encryption_key": "see PreProvisioningHook"},
    "DeviceAllowList": {
        "devices": "add_devices on CDK: other languages can't call a method of a component",
        "serial_number_pattern": "the hook's on CDK: on Pulumi it can't tag a table that is defined already",
    },
    "FleetProvisioning": {
        "devices": "see DeviceAllowList",
        "rotate_claim_automatically_after_days": "see ClaimCertificate",
    },
    "GreengrassCoreDevices": {
        "devices": "see DeviceAllowList",
        "rotate_claim_automatically_after_days": "see ClaimCertificate",
    },
    "IotdaDeviceCa": {
        "template": "a component can't be an input of a component: the id is",
        "template_id": "see template",
    },
    "JustInTimeRegistration": {
        "dead_letter_queue_encryption_key": "a queue of pulumi-aws names its key by an id or an alias",
        "devices": "see DeviceAllowList",
        "encryption_key": "see PreProvisioningHook",
        "log_retention": "CDK's type carries the unit",
        "log_retention_days": "see log_retention",
        "revocation_list_encryption_key": "see BulkRegistration",
    },
    "PreProvisioningHook": {
        "encryption_key": "a table of pulumi-aws does not expose whether its key is the customer's",
        "log_retention": "CDK's type carries the unit",
        "log_retention_days": "see log_retention",
    },
    "ProvisioningDashboard": {"template": "see ClaimCertificate", "template_name": "see ClaimCertificate"},
    "TokenExchange": {
        "artifact_keys": "a bucket of pulumi-aws does not expose its key",
        "credential_duration": "CDK's type carries the unit",
        "credential_duration_seconds": "see credential_duration",
    },
}
POLICIES = {
    ("BulkRegistration", "grant_start"): "start_policy",
    ("DeviceAllowList", "grant_manage_batches"): "manage_batches_policy",
    ("DeviceAllowList", "grant_register"): "register_policy",
    ("ProvisioningTemplate", "grant_create_claim"): "create_claim_policy",
    ("ProvisioningTemplate", "grant_describe"): "describe_policy",
}
"""The output of Pulumi's component that is the policy of a CDK construct's grant."""
IMPORTS = {
    ("IotdaProvisioningTemplate", "from_template_id"): "`template_id` of `IotdaDeviceCa` takes the id",
    ("ProvisioningTemplate", "from_template_arn"): "the name is the last part of the ARN",
    ("ProvisioningTemplate", "from_template_name"): "`template_name` of `ClaimCertificate` and of"
    " `CertificateAuthority` takes the name",
    ("TokenExchange", "from_role_alias_name"): "`token_exchange` takes an `aws.iot.RoleAlias`, also one of"
    " `RoleAlias.get`",
}
"""What Pulumi has for a method of CDK that takes something that exists."""
DYNAMIC = {
    "AuthorityTemplate": "`AWS::IoT::CACertificate`; with `body_inside_ca` a custom resource",
    "CoreDeployment": "`AWS::GreengrassV2::Deployment`",
    "GeneratedName": "nothing: the CDK makes names of its own",
    "ListedDevices": "a custom resource: `add_devices`",
    "ProvisionedCertificates": "a custom resource: `revoke_certificates_on_removal`",
    "ProvisioningTemplate": "`AWS::IoT::ProvisioningTemplate`, completed by a custom resource",
}
"""The dynamic providers in whose place CDK has something else than a custom resource of the same name."""


def components() -> list[str]:
    """The names of the components."""
    return [name for name in pulumi.__all__ if f"{name}Args" in pulumi.__all__]
