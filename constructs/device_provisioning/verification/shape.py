"""What both engines deploy: the parts of the fleet that a run has to know."""

from enum import StrEnum

from ..aws_iot import ref

DEVICE_PARAMETER = "Site"
"""A parameter that a device may choose, unless its record has it."""
SITE = ref(DEVICE_PARAMETER)


class Output(StrEnum):
    """The outputs of a deployment."""

    CLAIM = "ClaimCertificateSecretArn"
    TABLE = "DeviceAllowListTableName"
