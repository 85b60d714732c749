from pathlib import Path

import pulumi

from device_provisioning.aws_iot import ref
from device_provisioning.pulumi import JustInTimeProvisioning

pumps = JustInTimeProvisioning(
    "pumps",
    {
        # Made with `device-provisioning ca create`.
        "ca_certificate_pem": Path(__file__).with_name("ca.pem").read_text(),
        "thing_name_prefix": "pump-",
        "attributes": {"serial": ref("AWS::IoT::Certificate::SerialNumber")},
        "silenced_rules": {"DP008": "the factory puts a serial number into every certificate"},
    },
)
pulumi.export("TemplateName", pumps.template_name)
