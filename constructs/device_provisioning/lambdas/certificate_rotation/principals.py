"""The certificates of a thing, and the clients that know of them."""

import re
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session

CERTIFICATE_ID = re.compile("[0-9a-f]{64}")
THING_NAME = re.compile("[a-zA-Z0-9:_-]{1,128}")


@cache
def client(service: str, attempts: int = 1) -> Any:
    """A client that gives up within the seconds that AWS IoT waits for a hook."""
    config = Config(
        connect_timeout=0.5,
        read_timeout=1,
        retries={"total_max_attempts": attempts, "mode": "standard"},
    )
    return Session().create_client(service, config=config)


def certificates_of(iot: Any, thing_name: str) -> dict[str, str]:
    """The ARNs of the certificates that are attached to a thing, by their ids."""
    pages = iot.get_paginator("list_thing_principals").paginate(thingName=thing_name)
    arns = [arn for page in pages for arn in page["principals"] if ":cert/" in arn]
    return {arn.rpartition("/")[2]: arn for arn in arns}
