"""The request that hooks answer."""

from typing import Any

SERIAL_NUMBER = "A-0001"


def a_request() -> dict[str, Any]:
    """What AWS IoT sends for a listed device, always with the same certificate."""
    return {
        "claimCertificateId": "c" * 64,
        "certificateId": "a" * 64,
        "certificatePem": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "templateArn": "arn:aws:iot:eu-west-1:111122223333:provisioningtemplate/sensors",
        "clientId": "claim-1",
        "parameters": {"SerialNumber": SERIAL_NUMBER},
    }
