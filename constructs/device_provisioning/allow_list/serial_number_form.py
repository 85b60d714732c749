"""What the serial numbers of a list have to look like, so that the hook lets the devices through."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from ..aws_iot.unresolved import is_unresolved
from ..cloudformation.library_hooks import hook_environments
from ..console.aws_calls import AwsCalls
from ..console.aws_refusals import NotAllowedError, NotFoundError
from ..console.sources import UnreadableError, find_sources
from ..fleet.hook_settings import DEFAULT_SERIAL_NUMBER_PATTERN, WHERE_THE_PATTERN_IS_SET, pattern_problems
from ..fleet.pattern_tag import tagged_pattern, united_pattern
from ..plans.parsing import parse
from ..plans.reading import read_plan
from .row import Row

MOST_SHOWN = 3


class SerialNumberForm:
    """A pattern that rows are checked by; without one, the rows that the default would not let through.

    Args:
        find_pattern: Finds what the hook lets through, asked once there is a device; ``None`` if that is not
            known.
    """

    def __init__(self, find_pattern: Callable[[], str | None]) -> None:
        self._find_pattern = find_pattern
        self._unusual = 0
        self._shown: list[str] = []

    def checked(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows; those that the hook would never let through are rejected."""
        for row in rows:
            if row.device is None or self._matches(row.device.serial_number):
                yield row
            elif self._pattern is None:
                self._note(row.device.serial_number)
                yield row
            else:
                yield row._replace(device=None, reasons=(self._reason(row.device.serial_number),))

    @cached_property
    def _pattern(self) -> str | None:
        return self._find_pattern()

    @cached_property
    def _matches(self) -> Callable[[str], object]:
        return re.compile(self._pattern or DEFAULT_SERIAL_NUMBER_PATTERN).fullmatch

    @property
    def warning(self) -> str | None:
        """What is to be said when all rows are checked, if anything."""
        if not self._unusual:
            return None
        shown = ", ".join(self._shown) + (", …" if self._unusual > len(self._shown) else "")
        number = f"{self._unusual:,} serial number{'s' if self._unusual > 1 else ''}"
        return (
            f"warning: by the default pattern {DEFAULT_SERIAL_NUMBER_PATTERN!r} the hook would not let"
            f" {number} through: {shown}: set {WHERE_THE_PATTERN_IS_SET}, and give --template cdk.out or"
            " --serial-number-pattern, to check every row against it"
        )

    def _note(self, serial_number: str) -> None:
        self._unusual += 1
        if len(self._shown) < MOST_SHOWN:
            self._shown.append(serial_number)

    def _reason(self, serial_number: str) -> str:
        return (
            f"serial_number {serial_number!r} does not match the hook's pattern {self._pattern!r}: change the"
            f" serial number, or {WHERE_THE_PATTERN_IS_SET}"
        )


def given_pattern(pattern: str) -> str:
    """The pattern of an option.

    Raises:
        UnreadableError: If a hook could not have it.
    """
    if problems := pattern_problems(pattern):
        raise UnreadableError("\n".join(f"--serial-number-pattern: {problem}" for problem in problems))
    return pattern


def pattern_of_template(given: str) -> str:
    """What the hooks of this library in a CloudFormation template or a ``cdk.out`` folder let through.

    Raises:
        UnreadableError: If it can't be read or holds no such hook.
    """
    try:
        documents = [_document(source.text()) for source in find_sources(given)]
    except UnreadableError as error:
        raise UnreadableError(f"--template {given}: {error}") from None
    variables = [found for document in documents for found in hook_environments(document)]
    given_patterns = [
        found.get("SERIAL_NUMBER_PATTERN", DEFAULT_SERIAL_NUMBER_PATTERN) for found in variables
    ]
    patterns = [pattern for pattern in given_patterns if not is_unresolved(pattern)]
    if not patterns:
        raise UnreadableError(
            f"--template {given}: contains no hook of this library with a known pattern: give the cdk.out"
            " folder of the fleet, or --serial-number-pattern"
        )
    return united_pattern(patterns)


def pattern_of_table(name: str) -> str | None:
    """What the tag of a deployed table says; ``None`` if it has none, or it may not be read.

    Raises:
        UnreadableError: If AWS can't be reached.
    """
    calls = AwsCalls(name, "dynamodb")
    try:
        described = calls.call("describe_table", TableName=name)
        answer = calls.call("list_tags_of_resource", ResourceArn=described["Table"]["TableArn"])
    except (NotAllowedError, NotFoundError):
        # Whoever may only write rows still can; the first write says that there is no table.
        return None
    return tagged_pattern({tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])})


def _document(text: str) -> Mapping[str, Any]:
    """What a file deploys; a hook may be in another stack than the template that it is for."""
    document = read_plan(text).document or parse(text).value
    return document if isinstance(document, Mapping) else {}
