"""The parameters of a template: fields of the subject of a device's certificate."""

from enum import StrEnum


class CertificateField(StrEnum):
    """A reserved parameter; IoTDA takes its value from the subject of the device's certificate.

    Every certificate has to carry every field that a template declares.

    Example:
        >>> CertificateField.COMMON_NAME.value
        'iotda::certificate::common_name'
    """

    COUNTRY = "iotda::certificate::country"
    ORGANIZATION = "iotda::certificate::organization"
    ORGANIZATIONAL_UNIT = "iotda::certificate::organizational_unit"
    DISTINGUISHED_NAME_QUALIFIER = "iotda::certificate::distinguished_name_qualifier"
    STATE_NAME = "iotda::certificate::state_name"
    COMMON_NAME = "iotda::certificate::common_name"
    SERIAL_NUMBER = "iotda::certificate::serial_number"


def ref(field: CertificateField) -> dict[str, str]:
    """Refer to a field of the certificate's subject.

    Args:
        field: The field.

    Example:
        >>> ref(CertificateField.COMMON_NAME)
        {'ref': 'iotda::certificate::common_name'}
    """
    return {"ref": str(field)}
