"""Batches: opened, closed, shown."""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from ..attestation.proof import BATCH
from ..aws_iot.batch import Batch
from ..console.exit_status import FAILED
from ..console.sources import UnreadableError
from ..console.text import printable
from ..records.batch import DECLARED_OF_BATCH, IS_OPEN, QUOTA, batch_of
from ..records.batch_update import plain_batch
from .batch_table import BatchTable
from .batch_words import batch_in_words, changes_in_words

_ATTEMPTS = 5


def open_batch(
    table_name: str, name: str, given: Mapping[str, Any], unset: Sequence[str], also: Mapping[str, str]
) -> int:
    """Open a batch, and change what is given of it; the exit status.

    Args:
        table_name: The table.
        name: The batch.
        given: Fields of a ``Batch`` that are given.
        unset: Fields that are taken away.
        also: What each field is called on the command line.

    Raises:
        UnreadableError: If what is given is not valid, or AWS refuses.
    """
    if twice := sorted(also[field] for field in unset if field in given):
        raise UnreadableError(f"{', '.join(twice)}: is given and unset: leave out one of them")
    _validated({"name": name, **given}, name, also)
    table = BatchTable(table_name)
    for _ in range(_ATTEMPTS):
        found = table.found(name)
        before = plain_batch(found or {})
        after = _after(name, before, given, unset, also)
        said = {attribute: value for attribute, value in after.items() if before.get(attribute) != value}
        removed = [attribute for attribute in DECLARED_OF_BATCH if attribute in before.keys() - after.keys()]
        if not (said or removed) or table.change(name, found or {}, said, removed):
            _report(name, found is None, before, after)
            return 0
    raise UnreadableError(f"{name}: is being changed by others all the time: wait a moment and try again")


def close_batch(table_name: str, name: str) -> int:
    """Close a batch; the exit status, 1 when there is none."""
    require_name(name)
    if not BatchTable(table_name).close(name):
        return _missing(table_name, name)
    sys.stdout.write(f"{name}: is closed: none of its devices registers any more\n")
    return 0


def show_batch(table_name: str, name: str, *, as_json: bool) -> int:
    """Write the state of a batch in words, or its record; the exit status, 1 when there is none."""
    require_name(name)
    found = BatchTable(table_name).found(name)
    if not found:
        return _missing(table_name, name)
    sys.stdout.write(_line(found, as_json=as_json))
    return 0


def list_batches(table_name: str, *, as_json: bool) -> int:
    """Write the state of every batch, in the order of their names; the exit status."""
    for item in sorted(BatchTable(table_name).every(), key=batch_of):
        sys.stdout.write(_line(item, as_json=as_json))
    return 0


def require_name(name: str) -> None:
    """Refuse what can't be the name of a batch.

    Raises:
        UnreadableError: If it can't.
    """
    if not BATCH.fullmatch(name):
        raise UnreadableError(
            f"{name!r} is not the name of a batch: give 1 to 64 letters, digits, underscores and hyphens"
        )


def _after(
    name: str, before: Mapping[str, Any], given: Mapping[str, Any], unset: Sequence[str], also: Any
) -> dict[str, Any]:
    fields = {"quota" if key == QUOTA else key: before[key] for key in DECLARED_OF_BATCH if key in before}
    kept = {field: value for field, value in fields.items() if field not in unset}
    return _validated({"name": name, **kept, **given, IS_OPEN: True}, name, also).attributes()


def _validated(values: Mapping[str, Any], name: str, also: Mapping[str, str]) -> Batch:
    require_name(name)
    try:
        return Batch.model_validate(values)
    except ValidationError as error:
        # Each alternative of a union has a problem of its own.
        problems = {f"{name}: {_problem(problem, also)}": None for problem in error.errors()}
        raise UnreadableError("\n".join(problems)) from None


def _problem(problem: Any, also: Mapping[str, str]) -> str:
    field = str(problem["loc"][0]) if problem["loc"] else ""
    if field == "reprovisioning":
        return f"--reprovisioning {problem['input']}: give NEVER, ALLOW or how many times, at least 1"
    if not field:
        return "--until is not after --from: it would never be open"
    given = "" if field == "public_key" else f" {problem['input']}"
    return f"{also[field]}{given}: {problem['msg'][0].lower()}{problem['msg'][1:]}"


def _report(name: str, is_new: bool, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    if is_new:
        sys.stdout.write(f"{printable(batch_in_words(name, after, int(time.time())))}\n")
        return
    changes = changes_in_words(before, after)
    for change in changes or ["is open: nothing has changed"]:
        sys.stdout.write(f"{printable(f'{name}: {change}')}\n")


def _missing(table_name: str, name: str) -> int:
    sys.stderr.write(f"{name}: there is no such batch in {table_name}\n")
    return FAILED


def _line(item: Mapping[str, Any], *, as_json: bool) -> str:
    name, record = batch_of(item), plain_batch(item)
    if as_json:
        said = {"name": name, **{key: value for key, value in record.items() if key != "serial_number"}}
        return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str) + "\n"
    return f"{printable(batch_in_words(name, record, int(time.time())))}\n"
