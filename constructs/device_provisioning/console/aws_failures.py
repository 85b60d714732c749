"""Why AWS could not be asked, each as one line that says what to do."""

import sys
from typing import Any

from .aws_refusals import one_line
from .sources import UnreadableError
from .text import printable

NO_REGION = (
    "no AWS Region is chosen: give --region, or set AWS_REGION, or AWS_PROFILE to a profile that has one"
)
_SIGN_IN = "sign in again, such as with `aws sso login`, or give --profile"
ATTEMPTS_TO_CONNECT = 2


def failure(subject: str, error: Exception, region: str) -> UnreadableError:
    """The error that a failure of botocore is.

    Args:
        subject: What the call was about.
        error: What botocore raised.
        region: The Region that was asked.
    """
    return UnreadableError(f"{subject}: {_advice(error, region)}")


def _advice(error: Exception, region: str) -> str:
    from botocore import exceptions as botocore

    text = one_line(error)
    match error:
        case botocore.NoRegionError():
            return NO_REGION
        case botocore.NoCredentialsError() | botocore.PartialCredentialsError():
            return f"{text}: give --profile, set AWS_PROFILE, or sign in, such as with `aws sso login`"
        case botocore.ProfileNotFound():
            return f"{text}: give one that `aws configure list-profiles` shows by --profile or AWS_PROFILE"
        case botocore.CredentialRetrievalError() | botocore.SSOError() | botocore.TokenRetrievalError():
            return f"{text}: {_SIGN_IN}"
        case botocore.ParamValidationError():
            return text
        case _ if is_no_connection(error):
            return f"{text}: check the Region ({region}), the network, and AWS_ENDPOINT_URL if it is set"
    return f"{text}: check --profile, --region and the variables of AWS that are set"


def is_no_connection(error: Any) -> bool:
    """Whether an error says that there is no connection to AWS."""
    from botocore import exceptions as botocore

    kinds = (botocore.ConnectionError, botocore.SSLError, botocore.ProxyConnectionError)
    return isinstance(error, kinds) and not isinstance(error, botocore.ReadTimeoutError)


def give_up_soon(client: Any, subject: str) -> None:
    """Let a client give up on an AWS that it never reached after two attempts, and report the second.

    One that answered is asked as often as botocore would: it may be busy, or the network come back.

    Args:
        client: The client of boto3.
        subject: What its calls are about.
    """
    answered = False

    def heed(*, response: Any, attempts: int, caught_exception: Any, **_: Any) -> None:
        nonlocal answered
        answered = answered or response is not None
        if answered or not is_no_connection(caught_exception):
            return
        if attempts >= ATTEMPTS_TO_CONNECT:
            raise caught_exception
        where = client.meta.endpoint_url
        sys.stderr.write(f"{printable(f'{subject}: no connection to {where}: trying again')}\n")

    client.meta.events.register_first("needs-retry", heed)
