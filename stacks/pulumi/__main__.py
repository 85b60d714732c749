"""Fleet provisioning by claim, as a Pulumi program: ``pulumi up`` in this folder."""

import json

import pulumi
import pulumi_aws as aws

from device_provisioning.pulumi import (
    CertificateSource,
    DeviceAllowList,
    DevicePolicy,
    DevicePolicyArgs,
    FleetProvisioning,
    FleetProvisioningArgs,
    RemovalPolicy,
)

ENDPOINT_COMMAND = "aws iot describe-endpoint --endpoint-type iot:Data-ATS --output text"

config = pulumi.Config()


def listed(name: str) -> list[str]:
    """What a setting lists, separated by commas."""
    return [each.strip() for each in config.require(name).split(",")]


region = aws.get_region_output().region
disposable = config.require_bool("disposable")
thing_name_prefix = config.require("thingNamePrefix")
rotates = config.require_bool("certificateRotation")
rotation_template_name = f"{thing_name_prefix}rotation"

removal_policy = RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN
devices = DeviceAllowList("devices", {"removal_policy": removal_policy})
policy_settings: DevicePolicyArgs = {"revoke_certificates_on_removal": disposable}
if rotates:
    policy_settings["rotation_template_name"] = rotation_template_name
device_policy = DevicePolicy("device-policy", policy_settings)
settings: FleetProvisioningArgs = {
    "thing_name_prefix": thing_name_prefix,
    "enabled": config.require_bool("enabled"),
    "device_allow_list": devices.table,
    "device_policy": device_policy.resource,
    "log_removal_policy": removal_policy,
    "claim_client_id_patterns": [*listed("claimClientIdPatterns")],
    "certificate_sources": [CertificateSource(source) for source in listed("certificateSources")],
}
if days := config.require_int("claimRotationDays"):
    settings["rotate_claim_automatically_after_days"] = days
if rotates:
    settings["rotation_template_name"] = rotation_template_name
fleet = FleetProvisioning("sensors", settings)

if fleet.rotation:
    pulumi.export("RotationTemplateName", fleet.rotation.template_name)

if principal_arn := config.get("trustedUser"):
    statement = {"Effect": "Allow", "Principal": {"AWS": principal_arn}, "Action": "sts:AssumeRole"}
    trusted_user = aws.iam.Role(
        "trusted-user",
        assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        description=pulumi.Output.concat("Creates claims for the template ", fleet.template_name),
    )
    aws.iam.RolePolicy("trusted-user-claims", role=trusted_user.name, policy=fleet.create_claim_policy)
    pulumi.export("TrustedUserRoleArn", trusted_user.arn)

pulumi.export("TemplateName", fleet.template_name)
pulumi.export("ClaimCertificateSecretArn", fleet.claim_certificate_secret_arn)
pulumi.export("ClaimClientIdPatterns", fleet.claim_client_id_patterns.apply(", ".join))
pulumi.export("DeviceAllowListTableName", devices.table_name)
pulumi.export("EndpointCommand", pulumi.Output.concat(ENDPOINT_COMMAND, " --region ", region))
