"""What IoTDA accepts, in numbers and characters.

The source is the API reference, and the models of the vendor's SDK where they differ:
https://support.huaweicloud.com/intl/en-us/api-iothub/CreateProvisioningTemplate.html
"""

import re

from ..aws_iot.limits import TextLimit

_CHINESE = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff]")
_LETTERS = "a-zA-Z0-9"

# CreateProvisioningTemplate
TEMPLATE_NAME = TextLimit(f"{_LETTERS}_-", 128)
DESCRIPTION = TextLimit(f"{_LETTERS}_?'#().,&%@!-", 2048, shortest=0)
PRODUCT_ID = TextLimit(f"{_LETTERS}_-", 36)
TAG_KEY = TextLimit(f"{_LETTERS}_.-", 64)
TAG_VALUE = TextLimit(f"{_LETTERS}_.-", 128)
MAX_TEMPLATES = 10
# Device policies: CreateDevicePolicy answers with ids of this form
POLICY_ID = TextLimit("0-9a-fA-F", 24, shortest=24)
# AddDevice
NODE_ID = TextLimit(f"{_LETTERS}_-", 64)
DEVICE_ID = TextLimit(f"{_LETTERS}_-", 128)
DEVICE_NAME = TextLimit(f"{_LETTERS}_?'#().,&%@!-", 256)
# AddCertificate
MAX_DEVICE_CAS = 100
# Not documented: what a common name holds, in which the examples of the page of CheckCertificate have it.
VERIFY_CODE = TextLimit(f"{_LETTERS}_-", 64)


def has_chinese(text: str) -> bool:
    """Whether there are Chinese characters: only the SDK's models allow them."""
    return bool(_CHINESE.search(text))


def problem_of(text: str, limit: TextLimit) -> str | None:
    """What is wrong with a text in which Chinese characters count as letters.

    Example:
        >>> problem_of("传感器-7", TEMPLATE_NAME), problem_of("sensor 7", TEMPLATE_NAME)
        (None, 'has characters other than a-zA-Z0-9_-')
    """
    return limit.problem(_CHINESE.sub("x", text))
