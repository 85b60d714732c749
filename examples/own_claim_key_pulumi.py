from pathlib import Path

from device_provisioning.pulumi import CertificateSource, FleetProvisioning

FleetProvisioning(
    "own-claim-key",
    {
        "thing_name_prefix": "sensor-",
        # The key of the claim certificate was made by `openssl req -new` and stays where it was made.
        "certificate_signing_request": Path(__file__).with_name("claim.csr").read_text(),
        # Neither do the devices' own keys leave the devices.
        "certificate_sources": [CertificateSource.CREATE_FROM_CSR],
    },
)
