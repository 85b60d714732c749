import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from device_provisioning.cdk import (
    ComponentDeployment,
    CoreDeviceGroup,
    GreengrassCoreDevices,
    ListedDevice,
)

app = cdk.App()
stack = cdk.Stack(app, "Edge")
cores = GreengrassCoreDevices(
    stack,
    "Cores",
    thing_name_prefix="gg-",
    groups=[
        CoreDeviceGroup(
            name="line-4",
            components={
                "aws.greengrass.Nucleus": ComponentDeployment(version="2.14.0"),
                "com.example.Camera": ComponentDeployment(version="1.2.0", configuration={"rate": 5}),
            },
        )
    ],
    artifact_buckets=[s3.Bucket.from_bucket_name(stack, "Artifacts", "example-artifacts")],
)
cores.device_allow_list.add_devices([ListedDevice(serial_number="0042")])
app.synth()
