from device_provisioning.pulumi import FleetProvisioning

FleetProvisioning(
    "sensors",
    {
        "thing_name_prefix": "sensor-",
        "rotation_template_name": "sensor-rotation",
    },
)
