"""Roles that are not known everywhere yet, which Pulumi's own AWS provider waits for, too.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
https://github.com/hashicorp/terraform-provider-aws
"""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

NOT_YET = "cannot be assumed by Lambda"
SECONDS, SECONDS_BETWEEN = 60, 0.5


def once_the_role_is_seen(call: Callable[..., Any], **request: Any) -> Any:
    """The answer to a call, made again while the role that it names is not seen."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return call(**request)
        except ClientError as error:
            if NOT_YET not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(SECONDS_BETWEEN)
