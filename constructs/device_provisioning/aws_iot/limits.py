"""What AWS IoT accepts, in numbers and characters.

The sources are the API reference and the service quotas:
https://docs.aws.amazon.com/iot/latest/apireference/ and https://docs.aws.amazon.com/general/latest/gr/iot-core.html
"""

import re
from enum import StrEnum


class TextProblem(StrEnum):
    """What is wrong with a text; ``{}`` marks what a limit fills in."""

    EMPTY = "is empty"
    LONG = "has more than {longest} characters"
    OTHER_CHARACTERS = "has characters other than {allowed}"


class TextLimit:
    """The characters and the length that a text may have.

    Args:
        allowed: The characters, such as ``a-z0-9_-``.
        longest: How many there may be.
        shortest: How many there must be; 1 by default.

    Example:
        >>> THING_NAME.problem("sensor 12")
        'has characters other than a-zA-Z0-9:_-'
    """

    def __init__(self, allowed: str, longest: int, *, shortest: int = 1) -> None:
        self.allowed = allowed
        self.longest = longest
        self.shortest = shortest
        characters = allowed.replace("[", r"\[").replace("]", r"\]")
        self.pattern = f"^[{characters}]{{{shortest},{longest}}}$"
        self.accepts = re.compile(self.pattern).fullmatch

    def problem(self, text: str) -> str | None:
        """What is wrong with a text, if anything."""
        if self.accepts(text):
            return None
        if len(text) < self.shortest:
            return TextProblem.EMPTY.value
        if len(text) > self.longest:
            return TextProblem.LONG.format(longest=self.longest)
        return TextProblem.OTHER_CHARACTERS.format(allowed=self.allowed)


# API_CreateProvisioningTemplate
TEMPLATE_NAME = TextLimit("0-9A-Za-z_-", 36)
LONGEST_TEMPLATE_NAME = "t" * TEMPLATE_NAME.longest
# API_CreateThing, API_CreateThingType, API_CreateThingGroup, API_CreateBillingGroup
THING_NAME = THING_TYPE_NAME = THING_GROUP_NAME = BILLING_GROUP_NAME = TextLimit("a-zA-Z0-9:_-", 128)
# API_AttributePayload
ATTRIBUTE_NAME = TextLimit("a-zA-Z0-9_.,@/:#-", 128)
ATTRIBUTE_VALUE = TextLimit("a-zA-Z0-9_.,@/:#=[]-", 800, shortest=0)
# Service quotas: attributes of a thing, adjustable
MAX_ATTRIBUTES = 50
MAX_ATTRIBUTES_WITHOUT_THING_TYPE = 3
# Service quotas: thing groups that a thing belongs to directly
MAX_THING_GROUPS = 10
# API_CreatePolicy
POLICY_NAME = TextLimit("a-zA-Z0-9_+=,.@-", 128)
# Service quotas: the size of a policy document, whitespace not counted, and the policies of a certificate
MAX_POLICY_DOCUMENT = 2048
MAX_POLICIES = 10
# API_DescribeCertificate
CERTIFICATE_ID = TextLimit("0-9a-fA-F", 64, shortest=64)
# API_GetRegistrationCode
REGISTRATION_CODE = TextLimit("0-9a-fA-F", 64, shortest=64)
# API_RegisterThing: names and values of parameters
MAX_PARAMETER_NAME = 2048
MAX_PARAMETER_VALUE = 4096
# Within which a hook answers, and what its requests are called:
# https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html
HOOK_TIMEOUT_SECONDS = 5
HOOK_PAYLOAD_VERSION = "2020-04-01"
