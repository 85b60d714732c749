"""What can go wrong with IoTDA, and what to do about it."""

from typing import Any

# https://support.huaweicloud.com/en-us/api-iothub/iot_06_v5_0018.html; templates have no documented codes.
_BY_CODE = {
    "IOTDA.000006": "compare the request with the limits: device-provisioning lint --type iotda",
    "IOTDA.000008": "the request is malformed: device-provisioning lint --type iotda shows where",
    "IOTDA.014301": "give an X.509 certificate in PEM",
}
_BY_STATUS = {
    401: "check the access key or the token, and that it belongs to this project; a standard or enterprise"
    " instance has an endpoint of its own, for which the region has to be given as well",
    403: "grant the user iotda:provisioningtemplate:* and the actions on certificates in IAM, and check"
    " project and instance id",
    404: "check project, instance id and endpoint",
    429: "the instance is asked too often: try again later",
}
TOO_MANY, SERVER = 429, 500


class IotdaError(Exception):
    """A call that did not succeed.

    Args:
        problem: What is wrong.
        advice: What to do.
        status: The HTTP status; ``None`` without an answer.
        code: Huawei's error code; ``None`` without one.
        request_id: Huawei's id of the request, for its support; ``None`` without one.
    """

    def __init__(
        self,
        problem: str,
        advice: str,
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(f"{problem}: {advice}")
        self.status = status
        self.code = code
        self.request_id = request_id

    @property
    def may_have_worked(self) -> bool:
        """Whether the call may have been carried out although it seems to have failed."""
        return self.status is None or self.status >= SERVER or self.status == TOO_MANY


class NoAnswerError(IotdaError):
    """There was no answer, or not in time: what was asked may have been done."""


class LimitReachedError(IotdaError):
    """The instance has no room, so nothing was sent."""

    @property
    def may_have_worked(self) -> bool:
        """Nothing was sent."""
        return False


class ConflictError(IotdaError):
    """Something else has that name."""

    @property
    def may_have_worked(self) -> bool:
        """Nothing was sent."""
        return False


def answered_error(operation: str, error: Any) -> IotdaError:
    """The error that IoTDA answered with.

    Args:
        operation: What was asked.
        error: A ``ServiceResponseException`` of the SDK.
    """
    status, code = error.status_code, error.error_code
    advice = _BY_CODE.get(code) or _BY_STATUS.get(status)
    if advice is None:
        advice = "try again later" if status >= SERVER else "correct what the message names"
    reference = f", request id {error.request_id}" if error.request_id else ""
    problem = f"{operation} was refused with {status} {code}{reference}: {error.error_msg}"
    return IotdaError(problem, advice, status=status, code=code, request_id=error.request_id or None)
