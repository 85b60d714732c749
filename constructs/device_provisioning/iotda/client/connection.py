"""Where IoTDA is, and how it is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST_RETRIES = 10
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Connection:
    """Where IoTDA is, and how patient the client is.

    Args:
        project_id: The project of the Region.
        region: The Region, such as ``cn-north-4``. It may be left out only with a token and an endpoint.
        endpoint: The instance's own host, which the console shows; the Region's by default.
        instance_id: The instance; professional editions need it, and it is recommended otherwise.
        connect_timeout_seconds: How long to wait for a connection; 5 by default.
        read_timeout_seconds: How long to wait for an answer; 30 by default.
        retries: How often a call is repeated that was answered with 429 or 5xx, 0 to 10: 10 by default, which
            takes up to 20 seconds.

    Raises:
        ValueError: With every problem. Credentials travel with each request, so an endpoint is ``https``
            unless it is this machine.

    Example:
        >>> Connection(project_id="0a1b", region="cn-north-4").region
        'cn-north-4'
    """

    project_id: str
    region: str | None = None
    endpoint: str | None = None
    instance_id: str | None = None
    connect_timeout_seconds: float = 5
    read_timeout_seconds: float = 30
    retries: int = MOST_RETRIES

    def __post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise ValueError("\n".join(problems))

    @property
    def url(self) -> str | None:
        """The endpoint with its scheme; ``None`` for the Region's own."""
        if self.endpoint is None or "://" in self.endpoint:
            return self.endpoint
        return f"https://{self.endpoint}"

    def _problems(self) -> Iterator[str]:
        if not self.project_id:
            yield "project_id is empty: give the id of the project of the Region"
        if not (self.region or self.endpoint):
            yield "neither region nor endpoint is given: give the Region, or the instance's own endpoint"
        yield from _endpoint_problems(self.url)
        if not 0 <= self.retries <= MOST_RETRIES:
            yield f"retries is {self.retries}: give 0 to {MOST_RETRIES}"
        for name in ("connect_timeout_seconds", "read_timeout_seconds"):
            if getattr(self, name) <= 0:
                yield f"{name} is {getattr(self, name)}: give a positive number of seconds"


def _endpoint_problems(url: str | None) -> Iterator[str]:
    if url is None:
        return
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        yield f"endpoint is {url!r}: give the host that the console shows"
    elif parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        yield f"endpoint {url!r} would carry credentials in the clear: use https"
