import pulumi

from device_provisioning.pulumi import FleetProvisioning

fleet = FleetProvisioning(
    "fleet",
    {"thing_name_prefix": "sensor-", "devices": [{"serial_number": "A-0001"}]},
)
pulumi.export("TemplateName", fleet.template_name)
