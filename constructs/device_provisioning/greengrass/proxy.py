"""The proxy between a core device and AWS."""

from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, model_validator


class Proxy(BaseModel):
    """A proxy that a core device connects through.

    https://docs.aws.amazon.com/greengrass/v2/developerguide/configure-greengrass-core-v2.html

    Args:
        url: ``http://`` or ``https://``, host and, if it is not the scheme's, port. Without user and
            password: they have settings of their own.
        username: The user, if the proxy asks for one; none by default.
        password: The user's password; none by default, and never shown in errors and logs.

    Raises:
        pydantic.ValidationError: If the URL is another one, or a password is without user.

    Example:
        >>> Proxy(url="http://proxy.example.com:3128").url
        'http://proxy.example.com:3128'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: str
    username: str | None = None
    password: SecretStr | None = None

    @model_validator(mode="after")
    def _usable(self) -> Self:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("the proxy's url is not an address: give http:// or https://, host and port")
        if parts.username or parts.password:
            raise ValueError("the proxy's url holds a user: give it by username and password")
        if self.password and not self.username:
            raise ValueError("the proxy has a password but no username: give both or none")
        return self
