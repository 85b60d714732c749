"""Calls of AWS whose every error is one line that says what to do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from .activity import at_work
from .aws_failures import failure, give_up_soon
from .aws_place import client
from .aws_refusals import NotFoundError, refusal


class AwsCalls:
    """A client of a service, with the credentials and the Region that AWS's own tools would use.

    Args:
        subject: What the calls are about, to begin each error with.
        service: ``cloudformation``, ``cloudtrail``, ``dynamodb``, ``iam``, ``iot``, ``kms``, ``lambda``,
            ``logs``, ``s3``, ``secretsmanager`` or ``sts``; AWS IoT by default.
        settings: What botocore's ``Config`` takes; its defaults by default.
        shows_waiting: Whether a call that takes long is reported; yes by default.

    Raises:
        UnreadableError: If no Region is chosen, or a profile that does not exist.
    """

    def __init__(
        self,
        subject: str,
        service: str = "iot",
        *,
        settings: Mapping[str, Any] | None = None,
        shows_waiting: bool = True,
    ) -> None:
        self._subject = subject
        self._service = service
        self._settings = settings or {}
        self._shows_waiting = shows_waiting
        self._client = self._made()

    def _made(self) -> Any:
        from botocore.exceptions import BotoCoreError

        try:
            made = client(self._service, self._settings)
        except (BotoCoreError, ValueError) as error:
            raise failure(self._subject, error, "") from None
        give_up_soon(made, self._subject)
        return made

    @property
    def region(self) -> str:
        """The Region of the calls."""
        return str(self._client.meta.region_name)

    def call(self, operation: str, **arguments: Any) -> Mapping[str, Any]:
        """Call an operation, named as boto3 does.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        return self._answered(lambda: getattr(self._client, operation)(**arguments))

    def found(self, operation: str, **arguments: Any) -> Mapping[str, Any] | None:
        """As ``call``, and ``None`` if what is asked for is not there.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        try:
            return self.call(operation, **arguments)
        except NotFoundError:
            return None

    def content(self, operation: str, **arguments: Any) -> bytes | None:
        """What an operation answers as a stream; ``None`` if what is asked for is not there.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        try:
            read = self._answered(
                lambda: {"Body": getattr(self._client, operation)(**arguments)["Body"].read()}
            )
        except NotFoundError:
            return None
        return bytes(read["Body"])

    def pages(self, operation: str, key: str, **arguments: Any) -> Sequence[Any]:
        """All items of an operation that answers in pages.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        return list(self.each(operation, key, **arguments))

    def each(self, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
        """As ``pages``, item by item while AWS is asked for the next ones.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        pages = iter(self._client.get_paginator(operation).paginate(**arguments))
        while page := self._answered(lambda: next(pages, {})):
            yield from page.get(key, [])

    def _answered(self, ask: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            with self._waiting():
                return ask()
        except ClientError as error:
            raise refusal(
                self._subject, self._service, error.operation_name, error.response, self.region
            ) from None
        except BotoCoreError as error:
            raise failure(self._subject, error, self.region) from None

    def _waiting(self) -> AbstractContextManager[None]:
        return at_work(lambda: f"{self._subject}: waiting for AWS") if self._shows_waiting else nullcontext()
