import pulumi
import pulumi_aws as aws

from device_provisioning.pulumi import GreengrassCoreDevices

cores = GreengrassCoreDevices(
    "cores",
    {
        "thing_name_prefix": "gg-",
        "groups": [
            {
                "name": "line-4",
                "components": {
                    "aws.greengrass.Nucleus": {"version": "2.14.0"},
                    "com.example.Camera": {"version": "1.2.0", "configuration": {"rate": 5}},
                },
            }
        ],
        "artifact_buckets": [aws.s3.Bucket("artifacts")],
        "devices": [{"serial_number": "0042"}],
    },
)
# Save `pulumi stack output --json` for `device-provisioning greengrass config`.
pulumi.export("enrolment", cores.enrolment)
