"""The kinds of provisioning templates that AWS IoT knows."""

from enum import StrEnum


class TemplateType(StrEnum):
    """What a template body is written for.

    The first two are the values of the API's ``type``
    (https://docs.aws.amazon.com/iot/latest/apireference/API_CreateProvisioningTemplate.html).
    A bulk body is not a stored resource: it is passed to ``StartThingRegistrationTask`` or ``RegisterThing``.
    """

    FLEET_PROVISIONING = "FLEET_PROVISIONING"
    JITP = "JITP"
    BULK = "BULK"
