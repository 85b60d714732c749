"""Fleet provisioning by claim, as a Pulumi program: ``pulumi up`` in this folder."""

import json

import pulumi
import pulumi_aws as aws

from device_provisioning.pulumi import (
    CertificateRotation,
    DeviceAllowList,
    DevicePolicy,
    DevicePolicyArgs,
    FleetProvisioning,
    FleetProvisioningArgs,
    RemovalPolicy,
)

config = pulumi.Config()
disposable = config.require_bool("disposable")
thing_name_prefix = config.require("thingNamePrefix")
rotation_template_name = f"{thing_name_prefix}rotation"

devices = DeviceAllowList(
    "devices",
    {"removal_policy": RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN},
)
policy_settings: DevicePolicyArgs = {"revoke_certificates_on_removal": disposable}
if config.require_bool("certificateRotation"):
    policy_settings["rotation_template_name"] = rotation_template_name
device_policy = DevicePolicy("device-policy", policy_settings)
settings: FleetProvisioningArgs = {
    "thing_name_prefix": thing_name_prefix,
    "enabled": config.require_bool("enabled"),
    "device_allow_list": devices.table,
    "device_policy": device_policy.resource,
}
if days := config.require_int("claimRotationDays"):
    settings["rotate_claim_automatically_after_days"] = days
fleet = FleetProvisioning("sensors", settings)

if config.require_bool("certificateRotation"):
    rotation = CertificateRotation(
        "rotation",
        {
            "template_name": rotation_template_name,
            "thing_name_prefix": thing_name_prefix,
            "device_policy": device_policy.resource,
        },
    )
    pulumi.export("RotationTemplateName", rotation.template_name)

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
pulumi.export("DeviceAllowListTableName", devices.table_name)
