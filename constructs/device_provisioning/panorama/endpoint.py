"""The endpoint that devices are made at."""

from urllib.parse import urlsplit

from ..aws_iot.unresolved import is_unresolved

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def require_endpoint(endpoint_url: str) -> None:
    """Make sure that requests and archives travel encrypted, or not at all.

    Raises:
        ValueError: If the URL is none, or is not encrypted and not on this machine.

    Example:
        >>> require_endpoint("http://panorama.example.com")
        Traceback (most recent call last):
        ValueError: endpoint_url 'http://panorama.example.com' is not encrypted: give an https:// URL
    """
    if is_unresolved(endpoint_url):
        return
    parts = urlsplit(endpoint_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(
            f"endpoint_url {endpoint_url!r} is not a URL: give one as https://panorama.example.com"
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError(f"endpoint_url {endpoint_url!r} is not encrypted: give an https:// URL")
