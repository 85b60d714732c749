from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from device_provisioning.cdk import JustInTimeRegistration, ListedDevice

app = cdk.App()
stack = cdk.Stack(app, "Pumps")
pumps = JustInTimeRegistration(
    stack,
    "Pumps",
    # Made with `device-provisioning ca create`.
    ca_certificate_pem=Path(__file__).with_name("ca.pem").read_text(),
    thing_name_prefix="pump-",
    # Holds what `device-provisioning ca revocation-list` made, as revoked.pem.
    revocation_list_bucket=s3.Bucket.from_bucket_name(stack, "RevocationLists", "example-revocation-lists"),
)
pumps.device_allow_list.add_devices([ListedDevice(serial_number="pump-0001")])
app.synth()
