"""The API of AWS Panorama, without botocore's model of it, which is no longer shipped since 1.43.38.

Requests are signed by botocore's SigV4 and sent by its HTTP session.
https://docs.aws.amazon.com/panorama/latest/api/API_Operations.html
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, NoCredentialsError
from botocore.httpsession import URLLib3Session
from botocore.session import Session

from .certificates import session

SERVICE = "panorama"
SECONDS_TO_CONNECT, SECONDS_TO_ANSWER = 3, 20
ATTEMPTS = 4
LONGEST_PAUSE_SECONDS = 5
THROTTLED = {"ThrottlingException", "TooManyRequestsException"}
SERVER_ERROR = 500
Answer = dict[str, Any]


class Refused(Exception):  # noqa: N818  # what the API does
    """The API answered with an error.

    Args:
        operation: What was asked for.
        status: The HTTP status.
        code: The error's name, such as ``ConflictException``.
        details: The error's body.
    """

    def __init__(self, operation: str, status: int, code: str, details: Mapping[str, Any]) -> None:
        super().__init__(f"{operation} failed: {code}")
        self.operation = operation
        self.status = status
        self.code = code
        self.details = details


class Unanswered(Exception):  # noqa: N818  # what happened
    """The API did not answer, or with a failure of its own: whether it did what was asked is not known.

    Args:
        operation: What was asked for.
        endpoint_url: Where.
        code: The name of its failure; empty if it did not answer.
        details: The failure's body.
    """

    def __init__(
        self, operation: str, endpoint_url: str, code: str = "", details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(
            f"{operation} failed: {code}" if code else f"{operation} is not answered by {endpoint_url}"
        )
        self.operation = operation
        self.code = code
        self.details = details or {}


@dataclass(frozen=True)
class PanoramaApi:
    """The operations on devices.

    Args:
        endpoint_url: Where the API is; AWS's own of the Region by default.
        region: The Region that requests are signed for; the one of the environment by default.
        seconds_to_answer: How long an answer is waited for; 20 seconds by default.
        profile: The profile of the AWS configuration; the one of the environment by default.
    """

    endpoint_url: str = ""
    region: str = ""
    seconds_to_answer: float = field(default_factory=lambda: SECONDS_TO_ANSWER)
    profile: str | None = None

    def provision_device(self, request: Answer) -> Answer:
        """Make a device. Tried again only when nothing was made.

        Raises:
            Refused: If the API refuses.
            Unanswered: If it is not known whether a device was made.
        """
        return self._call("ProvisionDevice", "POST", "/devices", body=request, repeatable=False)

    def describe_device(self, device_id: str) -> Answer:
        """All about a device."""
        return self._call("DescribeDevice", "GET", f"/devices/{quote(device_id, safe='')}")

    def update_device_metadata(self, device_id: str, description: str) -> None:
        """Change the description of a device."""
        path = f"/devices/{quote(device_id, safe='')}"
        self._call("UpdateDeviceMetadata", "PUT", path, body={"Description": description})

    def delete_device(self, device_id: str) -> None:
        """Delete a device."""
        self._call("DeleteDevice", "DELETE", f"/devices/{quote(device_id, safe='')}")

    def devices_named(self, name: str) -> Iterator[Answer]:
        """The devices of a name: there may be others whose names only hold it, and they are left out."""
        token = None
        while True:
            page = {"NameFilter": name, **({"NextToken": token} if token else {})}
            answer = self._call("ListDevices", "GET", f"/devices?{urlencode(page)}")
            yield from (device for device in answer.get("Devices", []) if device.get("Name") == name)
            token = answer.get("NextToken")
            if not token:
                return

    def tag_resource(self, arn: str, tags: Mapping[str, str]) -> None:
        """Set tags."""
        self._call("TagResource", "POST", f"/tags/{quote(arn, safe='')}", body={"Tags": dict(tags)})

    def untag_resource(self, arn: str, keys: list[str]) -> None:
        """Take tags away."""
        query = urlencode([("tagKeys", key) for key in keys])
        self._call("UntagResource", "DELETE", f"/tags/{quote(arn, safe='')}?{query}")

    @property
    def url(self) -> str:
        """Where the API is."""
        return self.endpoint_url.rstrip("/") or f"https://{SERVICE}.{self._region}.amazonaws.com"

    @cached_property
    def _session(self) -> Session:
        return session(self.profile)

    @property
    def _region(self) -> str:
        return str(self.region or self._session.get_config_variable("region"))

    def _credentials(self) -> Any:
        credentials = self._session.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        return credentials.get_frozen_credentials()

    def _call(
        self, operation: str, method: str, path: str, *, body: Any = None, repeatable: bool = True
    ) -> Answer:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._try(operation, method, path, body)
            except Refused as refused:
                if attempt == ATTEMPTS or not (refused.status == 429 or refused.code in THROTTLED):
                    raise
                time.sleep(_pause(attempt, refused.details))
            except Unanswered as unanswered:
                if attempt == ATTEMPTS or not repeatable:
                    raise
                time.sleep(_pause(attempt, unanswered.details))
        raise AssertionError

    def _try(self, operation: str, method: str, path: str, body: Any) -> Answer:
        request = AWSRequest(
            method,
            self.url + path,
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            data=json.dumps(body).encode() if body is not None else b"",
        )
        SigV4Auth(self._credentials(), SERVICE, self._region).add_auth(request)
        # Its own default is a pair as well: connect, answer.
        timeout: Any = (SECONDS_TO_CONNECT, self.seconds_to_answer)
        sender = URLLib3Session(timeout=timeout)
        try:
            response = sender.send(request.prepare())
        except BotoCoreError:
            raise Unanswered(operation, self.url) from None
        finally:
            sender.close()
        content = _json(response.content)
        if response.status_code < 300:
            return content
        given = str(response.headers.get("x-amzn-ErrorType") or content.get("__type") or "")
        code = given.partition(":")[0].rpartition("#")[2] or f"HTTP status {response.status_code}"
        if response.status_code >= SERVER_ERROR:
            raise Unanswered(operation, self.url, code, content)
        raise Refused(operation, response.status_code, code, content)


def _pause(attempt: int, details: Mapping[str, Any]) -> float:
    asked = details.get("RetryAfterSeconds")
    wanted = asked if isinstance(asked, int | float) else 0.2 * 2**attempt
    return min(wanted, LONGEST_PAUSE_SECONDS)


def _json(content: bytes) -> Answer:
    try:
        answer = json.loads(content or b"{}")
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
