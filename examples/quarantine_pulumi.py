import pulumi

from device_provisioning.pulumi import FleetProvisioning, QuarantineGroup

fleet = FleetProvisioning("repairable", {"thing_name_prefix": "sensor-"})
quarantine = QuarantineGroup("quarantine")
pulumi.export("QuarantineGroupName", quarantine.thing_group_name)
