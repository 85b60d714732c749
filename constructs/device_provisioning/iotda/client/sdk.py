"""The vendor's SDK, asked in one way: operations by name, answers as JSON, errors of our own.

The SDK takes seconds to import, so this is done when a client is made and not before.
"""

import json
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

from .connection import Connection
from .credentials import AccessKey, Credentials, Token
from .errors import SERVER, TOO_MANY, IotdaError, NoAnswerError, answered_error

RepeatIf = Callable[[], bool]


class Caller(Protocol):
    """Asks IoTDA."""

    def __call__(self, operation: str, *, repeat_if: RepeatIf | None = None, **fields: Any) -> dict[str, Any]:
        """Ask, and return what is answered; see ``Sdk``."""


class Sdk:
    """The vendor's client, made for one connection."""

    def __init__(self, connection: Connection, credentials: Credentials) -> None:
        self._connection = connection
        self._client = _client(connection, credentials)

    def __call__(self, operation: str, *, repeat_if: RepeatIf | None = None, **fields: Any) -> dict[str, Any]:
        """Carry out an operation.

        Args:
            operation: The SDK's name of it, such as ``show_provisioning_template``.
            repeat_if: Asked before a call is repeated that was answered with 429 or 5xx, as it may have been
                carried out; by default it is repeated.
            **fields: Of the SDK's request: ``body`` and ids. Nothing of the body is lost, ``None`` included.

        Raises:
            IotdaError: If IoTDA refuses, or does not answer.
        """
        from huaweicloudsdkcore.exceptions.exceptions import SdkException, ServiceResponseException
        from requests import RequestException

        invoker = self._invoker(operation, fields, repeat_if)
        try:
            content = invoker.invoke().raw_content
            return dict(json.loads(content)) if content else {}
        except ServiceResponseException as error:
            raise answered_error(operation, error) from None
        except (SdkException, RequestException) as error:
            reason = getattr(error, "error_msg", None) or type(error).__name__
            raise _no_answer(operation, reason) from None
        except (ValueError, TypeError):
            raise IotdaError(
                f"{operation} was not answered with a JSON object", "check the endpoint"
            ) from None

    def close(self) -> None:
        """Close the connections."""
        self._client.get_http_client().executor.shutdown()
        self._client.close()

    def _invoker(self, operation: str, fields: dict[str, Any], repeat_if: RepeatIf | None) -> Any:
        from huaweicloudsdkcore.retry.backoff_strategy import BackoffStrategies
        from huaweicloudsdkiotda import v5

        name = "".join(part.capitalize() for part in operation.split("_"))
        request = getattr(v5, f"{name}Request")(instance_id=self._connection.instance_id, **fields)
        invoker = getattr(self._client, f"{operation}_invoker")(request)
        if self._connection.retries:
            invoker.with_retry(
                _condition(repeat_if), self._connection.retries, BackoffStrategies.EQUAL_JITTER
            )
        return invoker


def _condition(repeat_if: RepeatIf | None) -> Callable[[Any, Any], bool]:
    def is_transient(_answer: Any, error: Any) -> bool:
        status = getattr(error, "status_code", None) or 0
        if status < SERVER and status != TOO_MANY:
            return False
        return repeat_if is None or repeat_if()

    return is_transient


def _no_answer(operation: str, reason: str) -> NoAnswerError:
    return NoAnswerError(
        f"{operation} was not answered: {reason}", "check endpoint and network, and try again"
    )


def _client(connection: Connection, credentials: Credentials) -> Any:
    try:
        from huaweicloudsdkcore.http.http_config import HttpConfig
        from huaweicloudsdkiotda.v5 import IoTDAClient
    except ImportError:
        raise ImportError(
            "huaweicloudsdkiotda is missing: pip install 'device-provisioning[iotda]'"
        ) from None
    builder = IoTDAClient.new_builder()
    builder.with_http_config(
        HttpConfig(timeout=(connection.connect_timeout_seconds, connection.read_timeout_seconds))
    )
    builder.with_region(_region(connection, credentials))
    # The builder takes no other credentials; a token is put in their place.
    key = credentials if isinstance(credentials, AccessKey) else AccessKey("token", "token")
    client = builder.with_credentials(_access_key(connection, key)).build()
    if isinstance(credentials, Token):
        client.with_credentials(_token(connection, credentials))
    return client


def _region(connection: Connection, credentials: Credentials) -> Any:
    from huaweicloudsdkcore.region.region import Region
    from huaweicloudsdkiotda.v5.region.iotda_region import IoTDARegion

    if connection.region is None and isinstance(credentials, AccessKey):
        raise ValueError("region is left out, and an access key can't sign without it: give the Region")
    if connection.url:
        return Region(connection.region or "unsigned", connection.url)
    try:
        return IoTDARegion.value_of(connection.region)
    except KeyError:
        known = ", ".join(sorted(IoTDARegion.static_fields))
        raise ValueError(
            f"IoTDA is not known in {connection.region!r}: give an endpoint, or {known}"
        ) from None


def _access_key(connection: Connection, key: AccessKey) -> Any:
    from huaweicloudsdkcore.auth.credentials import BasicCredentials

    credentials = BasicCredentials(key.ak, key.sk, connection.project_id)
    # A key is derived for every host but the Region's default one, as IoTDA demands.
    credentials.with_derived_predicate(BasicCredentials.get_default_derived_predicate())
    return credentials.with_security_token(key.security_token) if key.security_token else credentials


def _token(connection: Connection, credentials: Token) -> Any:
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkcore.signer.signer import Signer

    class TokenCredentials(BasicCredentials):  # type: ignore[misc]
        def process_auth_request(self, request: Any, http_client: Any) -> Future[Any]:
            # The inherited one would ask the metadata service for an access key.
            ready: Future[Any] = http_client.executor.submit(self.sign_request, request)
            return ready

        def sign_request(self, request: Any) -> Any:
            request.header_params["X-Auth-Token"] = credentials.token
            request.header_params["X-Project-Id"] = self.project_id
            Signer.process_request_uri(request)
            return request

    return TokenCredentials(project_id=connection.project_id)
