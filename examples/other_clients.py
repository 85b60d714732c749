"""A fleet that samples of AWS's SDKs enrol with, besides devices of your own."""

import aws_cdk as cdk

from device_provisioning.cdk import CertificateSource, FleetProvisioning

app = cdk.App()
stack = cdk.Stack(app, "OtherClients")
FleetProvisioning(
    stack,
    "Fleet",
    thing_name_prefix="sensor-",
    # The samples of AWS's SDK for Python connect as mqtt5-sample- and something random.
    claim_client_id_patterns=["claim-*", "mqtt5-sample-*"],
    # AWS IoT makes their keys, or signs what they make themselves.
    certificate_sources=list(CertificateSource),
)
app.synth()
