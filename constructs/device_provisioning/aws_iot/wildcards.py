"""Why a statement of this library's documents holds a wildcard: one reason for each statement id."""

WILDCARD_REASONS = {
    "Artifacts": "which artefacts of the buckets there are is known only as components are made",
    "BillingGroup": "only the device or the hook decides the name: the template body leaves it open",
    "Certificate": "the id of a certificate is known only once it exists; key and policy are named exactly",
    "Certificates": "the id of a device's certificate is known only once the device has asked for it",
    "CoreLogs": "cores make a log group for each of their components, all below one name",
    "Devices": "AWS Panorama gives a device its id only when it makes it",
    "DevicesWithoutResourceLevel": "these actions have no resource-level control",
    "EarlierCertificate": "the hook asks for the state of whichever certificate used a serial number up",
    "JoinBillingGroup": "things are limited to the prefix of their names that the template body shows",
    "JoinThingGroups": "things are limited to the prefix of their names that the template body shows",
    "LeaveThingGroups": "the body replaces thing groups, and the groups that a thing is in are not known",
    "Logs": "the streams of the function's own log group",
    "NewCertificate": "CreateKeysAndCertificate has no resource-level control",
    "NewPolicies": "AWS IoT names a policy that it makes from a document after a hash of it",
    "Policies": "only the device or the hook decides the name: the template body leaves it open",
    "ThingGroups": "only the device or the hook decides the name: the template body leaves it open",
    "ThingTypes": "only the device or the hook decides the name: the template body leaves it open",
    "Things": "things are limited to the prefix of their names that the template body shows",
    "WithoutResourceLevel": "these actions have no resource-level control",
}
