from device_provisioning.pulumi import CertificateRotation, DevicePolicy, FleetProvisioning

policy = DevicePolicy("sensor-policy", {"rotation_template_name": "sensor-rotation"})
FleetProvisioning("sensors", {"thing_name_prefix": "sensor-", "device_policy": policy.resource})
CertificateRotation(
    "rotation",
    {
        "template_name": "sensor-rotation",
        "thing_name_prefix": "sensor-",
        "device_policy": policy.resource,
    },
)
