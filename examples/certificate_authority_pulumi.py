from pathlib import Path

import pulumi

from device_provisioning.pulumi import CertificateAuthority

factory = CertificateAuthority(
    "factory",
    {
        # Made with `device-provisioning ca create`. AWS IoT registers no device by itself: the factory's own
        # program does it, with RegisterCertificate.
        "certificate_pem": Path(__file__).with_name("ca.pem").read_text(),
        "tags": {"site": "plant7"},
    },
)
pulumi.export("CaCertificateId", factory.certificate_id)
