"""Just-in-time registration, as a Pulumi program: ``pulumi up`` in this folder."""

import pulumi

from device_provisioning.pulumi import DeviceAllowList, DevicePolicy, JustInTimeRegistration, RemovalPolicy

config = pulumi.Config()
disposable = config.require_bool("disposable")

allow_list = DeviceAllowList(
    "allow-list",
    {"removal_policy": RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN},
)
device_policy = DevicePolicy("device-policy", {"revoke_certificates_on_removal": disposable})
devices = JustInTimeRegistration(
    "devices",
    {
        "ca_certificate_pem": config.require("caCertificatePem"),
        "thing_name_prefix": config.require("thingNamePrefix"),
        "device_allow_list": allow_list.table,
        "device_policy": device_policy.resource,
    },
)

pulumi.export("CaCertificateId", devices.certificate_id)
pulumi.export("DeviceAllowListTableName", devices.device_allow_list_table_name)
pulumi.export("DeadLetterQueueUrl", devices.dead_letter_queue_url)
