import pulumi

from device_provisioning.aws_iot import BulkTemplate, Certificate, Parameter, Policy, Thing, ref
from device_provisioning.pulumi import BulkRegistration, DevicePolicy

policy = DevicePolicy("pump-policy", {"policy_name": "pump"})
body = BulkTemplate(
    parameters={"ThingName": Parameter(), "Csr": Parameter()},
    thing=Thing(thing_name=ref("ThingName")),
    certificate=Certificate(certificate_signing_request=ref("Csr")),
    policies=[Policy(policy_name="pump")],
)
registration = BulkRegistration("registration", {"body": body.document})
pulumi.export("Bucket", registration.bucket_name)
pulumi.export("RoleArn", registration.role_arn)
