"""What an existing provisioning role allows, for the tests of both engines."""

from device_provisioning.aws_iot import FleetTemplate, Parameter, Policy, Thing, join, ref

ARN = "arn:aws:iot:eu-west-1:111122223333"
BODY = FleetTemplate(
    parameters={"SerialNumber": Parameter()},
    thing=Thing(thing_name=join("", ["sensor-", ref("SerialNumber")]), thing_groups=["sensors"]),
    policies=[Policy(policy_name="sensor")],
)
ACTIONS = {
    "iot:UpdateCertificate": ["cert/*"],
    "iot:AttachPolicy": ["cert/*"],
    "iot:CreateThing": ["thing/sensor-*"],
    "iot:AttachThingPrincipal": ["cert/*"],
    "iot:AddThingToThingGroup": ["thinggroup/sensors", "thing/sensor-*"],
}
SOURCE = {"ArnLike": {"aws:SourceArn": f"{ARN}:provisioningtemplate/sensors"}}
