from pathlib import Path

import aws_cdk as cdk

from device_provisioning.cdk import CertificateAuthority

app = cdk.App()
stack = cdk.Stack(app, "Factory")
factory = CertificateAuthority(
    stack,
    "Authority",
    # Made with `device-provisioning ca create`. AWS IoT registers no device by itself: the factory's own
    # program does it, with RegisterCertificate.
    certificate_pem=Path(__file__).with_name("ca.pem").read_text(),
    tags={"site": "plant7"},
)
cdk.CfnOutput(stack, "CaCertificateId", value=factory.certificate_id)
app.synth()
