from pathlib import Path

import pulumi
import pulumi_aws as aws

from device_provisioning.pulumi import JustInTimeRegistration

pumps = JustInTimeRegistration(
    "pumps",
    {
        # Made with `device-provisioning ca create`.
        "ca_certificate_pem": Path(__file__).with_name("ca.pem").read_text(),
        "thing_name_prefix": "pump-",
        # Holds what `device-provisioning ca revocation-list` made, as revoked.pem.
        "revocation_list_bucket": aws.s3.Bucket("revocation-lists"),
        "devices": [{"serial_number": "pump-0001"}],
    },
)
pulumi.export("DeviceAllowListTableName", pumps.device_allow_list_table_name)
