"""What became of a certificate."""

from typing import Any

from botocore.exceptions import ClientError


def certificate_status(client: Any, certificate_id: str) -> str:
    """The status that AWS IoT has for a certificate; ``NOT_FOUND`` when it is gone.

    AWS IoT deletes a certificate that was not registered within the hour
    (https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html).
    """
    try:
        description = client.describe_certificate(certificateId=certificate_id)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return "NOT_FOUND"
        raise
    return str(description["certificateDescription"]["status"])
