"""Fleet provisioning by claim, as a Pulumi program: ``pulumi up`` in this folder."""

import pulumi

from device_provisioning.pulumi import DeviceAllowList, DevicePolicy, FleetProvisioning, RemovalPolicy

config = pulumi.Config()
disposable = config.require_bool("disposable")

devices = DeviceAllowList(
    "devices",
    {"removal_policy": RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN},
)
device_policy = DevicePolicy("device-policy", {"revoke_certificates_on_removal": disposable})
fleet = FleetProvisioning(
    "sensors",
    {
        "thing_name_prefix": config.require("thingNamePrefix"),
        "enabled": config.require_bool("enabled"),
        "device_allow_list": devices.table,
        "device_policy": device_policy.resource,
    },
)

pulumi.export("TemplateName", fleet.template_name)
pulumi.export("ClaimCertificateSecretArn", fleet.claim_certificate_secret_arn)
pulumi.export("DeviceAllowListTableName", devices.table_name)
