"""Just-in-time provisioning, as a Pulumi program: ``pulumi up`` in this folder."""

import pulumi

from device_provisioning.pulumi import DevicePolicy, JustInTimeProvisioning

config = pulumi.Config()

device_policy = DevicePolicy(
    "device-policy", {"revoke_certificates_on_removal": config.require_bool("disposable")}
)
devices = JustInTimeProvisioning(
    "devices",
    {
        "ca_certificate_pem": config.require("caCertificatePem"),
        "device_policy": device_policy.resource,
    },
)

pulumi.export("TemplateName", devices.template_name)
pulumi.export("CaCertificateId", devices.certificate_id)
