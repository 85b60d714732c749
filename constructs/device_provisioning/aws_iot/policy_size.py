"""The size of an AWS IoT policy: a longer document is refused only when it is deployed."""

import json
import re
from collections.abc import Mapping

from .environment import Environment
from .limits import MAX_POLICY_DOCUMENT
from .statements import Document
from .unresolved import is_unresolved

_ACCOUNT = "1" * 12
# No pair of a partition and one of its Regions is longer, and no Region of the partition aws.
_PARTITION, _REGION, _REGION_OF_AWS = "aws-us-gov", "us-gov-west-1", "ap-southeast-2"
_LATER = re.compile(r"[$#]\{Token\[[^\]]*\]\}")


def require_policy_size(
    document: Document,
    environment: Environment,
    *,
    whose: str,
    advice: str,
    longest: Mapping[str, str] | None = None,
) -> Document:
    """Refuse a document that AWS IoT does not accept, white space not counted.

    Account, Region and partition count as the longest that there are while they are not known. What else
    is known later counts as nothing, so that no document is refused that may fit.

    https://docs.aws.amazon.com/iot/latest/apireference/API_CreatePolicy.html

    Args:
        document: The document.
        environment: Where it is used.
        whose: Whose policy it is, as in ``the devices``.
        advice: What makes it shorter, as in ``a shorter topic_prefix``.
        longest: The longest values that names may have, by names that may be unresolved; none by default.

    Returns:
        The document as it is.

    Raises:
        ValueError: If it is too long.

    Example:
        >>> ireland = Environment("111122223333", "eu-west-1")
        >>> require_policy_size({"Statement": "x" * 2048}, ireland, whose="the claim", advice="less")
        Traceback (most recent call last):
        ValueError: the policy of the claim has 2064 characters without white space, and AWS IoT accepts\
 2048: give less
    """
    size = _size(document, {**_longest(environment), **(longest or {})})
    if size > MAX_POLICY_DOCUMENT:
        raise ValueError(
            f"the policy of {whose} has {size} characters without white space, and AWS IoT accepts"
            f" {MAX_POLICY_DOCUMENT}: give {advice}"
        )
    return document


def _longest(environment: Environment) -> dict[str, str]:
    region = _REGION if is_unresolved(environment.partition) else _REGION_OF_AWS
    return {environment.account: _ACCOUNT, environment.region: region, environment.partition: _PARTITION}


def _size(document: Document, longest: Mapping[str, str]) -> int:
    text = json.dumps(document, ensure_ascii=False, default=lambda _later: "")
    for name, value in longest.items():
        if is_unresolved(name):
            text = text.replace(name, value)
    return len("".join(_LATER.sub("", text).split()))
