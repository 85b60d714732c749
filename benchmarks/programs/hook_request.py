"""The request that hooks answer."""

from typing import Any


def serial_number(number: int) -> str:
    """The serial number of a device."""
    return f"A-{number:04}"


def certificate_id(number: int) -> str:
    """The certificate of a device."""
    return f"{number:064x}"


def a_request(number: int) -> dict[str, Any]:
    """What AWS IoT sends for a device that registers for the first time."""
    return {
        "claimCertificateId": "c" * 64,
        "certificateId": certificate_id(number),
        "certificatePem": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "templateArn": "arn:aws:iot:eu-west-1:111122223333:provisioningtemplate/sensors",
        "clientId": "claim-1",
        "parameters": {"SerialNumber": serial_number(number)},
    }
