import aws_cdk as cdk

from device_provisioning.aws_iot import BulkTemplate, Certificate, Parameter, Policy, Thing, ref
from device_provisioning.cdk import BulkRegistration, DevicePolicy

app = cdk.App()
stack = cdk.Stack(app, "Pumps")
policy = DevicePolicy(stack, "PumpPolicy", policy_name="pump")
body = BulkTemplate(
    parameters={"ThingName": Parameter(), "Csr": Parameter()},
    thing=Thing(thing_name=ref("ThingName")),
    certificate=Certificate(certificate_signing_request=ref("Csr")),
    policies=[Policy(policy_name="pump")],
)
registration = BulkRegistration(stack, "Registration", body=body)
cdk.CfnOutput(stack, "Bucket", value=registration.bucket.bucket_name)
cdk.CfnOutput(stack, "RoleArn", value=registration.role.role_arn)
app.synth()
