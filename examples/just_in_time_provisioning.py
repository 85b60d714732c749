from pathlib import Path

import aws_cdk as cdk

from device_provisioning.aws_iot import ref
from device_provisioning.cdk import JustInTimeProvisioning

app = cdk.App()
stack = cdk.Stack(app, "Pumps")
JustInTimeProvisioning(
    stack,
    "Pumps",
    # Made with `device-provisioning ca create`.
    ca_certificate_pem=Path(__file__).with_name("ca.pem").read_text(),
    thing_name_prefix="pump-",
    attributes={"serial": ref("AWS::IoT::Certificate::SerialNumber")},
    silenced_rules={"DP008": "the factory puts a serial number into every certificate"},
)
app.synth()
