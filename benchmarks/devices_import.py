"""`devices import`, every row checked, against `boto3`'s `batch_writer` in a loop."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .measurement import Aim, Cost, Measurement, compared, cost_of
from .programs.allow_list_table import allow_list_table, make_table

ROWS = 100_000
FEWER_ROWS = 10_000
ROUNDS = 1
MILLISECONDS = 10
AIM, FLAT = Aim(3, at_most=False), Aim(1.1)
TABLE = "devices"
NOBODY = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
PROGRAMS = Path(__file__).parent / "programs"


def measure() -> Iterator[Measurement]:
    """The rates against the emulator and against an endpoint that only answers; and whether memory grows."""
    with tempfile.TemporaryDirectory() as folder:
        file = _list(Path(folder), ROWS)
        with allow_list_table(TABLE) as client:
            ours, other = _in_turn(file, client)
            yield _rates(f"{ROWS:,} rows, the emulator", ours, other)
        with _endpoint() as url:
            environment = {"AWS_ENDPOINT_URL": url, **NOBODY}
            ours, other = _in_turn(file, None, environment)
            case = f"{ROWS:,} rows, an endpoint that takes any write after {MILLISECONDS} ms"
            yield _rates(case, ours, other, AIM)
            few = cost_of(_import(_list(Path(folder), FEWER_ROWS)), environment)
        case = f"memory for {ROWS:,} against {FEWER_ROWS:,} rows"
        yield Measurement(case, "MiB", ours[0].peak_mib, few.peak_mib, FLAT)


def _in_turn(
    file: Path, client: Any, environment: dict[str, str] | None = None
) -> tuple[list[Cost], list[Cost]]:
    taken: tuple[list[Cost], list[Cost]] = ([], [])
    batch_writer = [sys.executable, str(PROGRAMS / "batch_writer.py"), str(file), TABLE]
    for _ in range(ROUNDS):
        for side, command in zip(taken, (_import(file), batch_writer), strict=True):
            side.append(cost_of(command, environment))
            if client:
                _require_all(client)
                client.delete_table(TableName=TABLE)
                make_table(client, TABLE)
    return taken


def _import(file: Path) -> list[str]:
    command = [sys.executable, "-m", "device_provisioning.cli", "devices", "import", str(file)]
    return [*command, "--table", TABLE, "--serial-number-pattern", "A-[0-9]{7}"]


def _rates(case: str, ours: list[Cost], other: list[Cost], aim: Aim | None = AIM) -> Measurement:
    sides = [[ROWS / cost.seconds for cost in side] for side in (ours, other)]
    seconds = {"cpu_seconds": ours[0].cpu_seconds, "other_cpu_seconds": other[0].cpu_seconds}
    return compared(case, "rows/s", sides, aim, **seconds)


def _require_all(client: Any) -> None:
    pages = client.get_paginator("scan").paginate(TableName=TABLE, Select="COUNT")
    if (found := sum(page["Count"] for page in pages)) != ROWS:
        raise RuntimeError(f"{found} of {ROWS} rows are in the table")


def _list(folder: Path, rows: int) -> Path:
    file = folder / f"{rows}.csv"
    with file.open("w") as text:
        text.write("serial_number,expires_at,parameter_overrides.Site\n")
        text.writelines(f"A-{number:07},1900000000,plant{number % 7}\n" for number in range(rows))
    return file


@contextmanager
def _endpoint() -> Iterator[str]:
    command = [sys.executable, str(PROGRAMS / "slow_endpoint.py"), str(MILLISECONDS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()
