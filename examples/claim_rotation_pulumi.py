import pulumi

from device_provisioning.pulumi import FleetProvisioning

fleet = FleetProvisioning(
    "factory-line",
    {
        "thing_name_prefix": "sensor-",
        # The factory line reads the claim from the secret, so the devices always get the current one.
        "rotate_claim_automatically_after_days": 30,
    },
)
pulumi.export("ClaimCertificateSecretArn", fleet.claim_certificate_secret_arn)
