"""``python -m workshop.demo``: what ``make demo`` runs."""

import os
import signal
import sys
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from device_provisioning.console.aws_place import drop_empty_variables

from ..cdk_cli import deployed_by_cdk, require_cdk
from ..emulator import Emulator
from ..problem import LocalProblem
from ..processes import CommandFailed, processes_with
from ..pulumi_engine import deployed_by_pulumi, require_engine
from .devices import Attempt
from .fleet import Fleet
from .handout import Handout
from .kept import MARK, kept_folder, wait_for_the_end
from .progress import Progress, StepFailed
from .story import tell

FAILED, COULD_NOT_START = 1, 2
WIDTH = 110
Pause = Callable[[Fleet], None]


class Engine(StrEnum):
    """What deploys the fleet."""

    CDK = "cdk"
    PULUMI = "pulumi"


ENGINES = {
    Engine.CDK: (require_cdk, deployed_by_cdk),
    Engine.PULUMI: (require_engine, deployed_by_pulumi),
}
"""What makes sure that an engine can run, and what deploys with it."""


def main(
    port: Annotated[int, typer.Option(help="The port of the emulated AWS APIs.")] = 4566,
    mqtt_port: Annotated[int, typer.Option(help="The port that devices connect to.")] = 8883,
    engine: Annotated[Engine, typer.Option(help="What deploys the fleet.")] = Engine.CDK,
    keep: Annotated[bool, typer.Option("--keep", help="Stay up for clients of your own.")] = False,
) -> None:
    """Deploy to the emulator and let three devices try to register.

    Exit status: 0 if every step went as it says, 1 if one did not, 2 if the demo could not start.
    """
    drop_empty_variables()
    console = Console(width=WIDTH, highlight=False)
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, _end)
    os.environ[MARK] = uuid.uuid4().hex
    try:
        with ExitStack() as kept:
            pause = _stay_up(console, kept.enter_context(kept_folder())) if keep else _go_on
            attempts = _run(Progress(console), engine, port, mqtt_port, pause)
    except LocalProblem as problem:
        _give_up(f"make demo can't run: {problem}", COULD_NOT_START)
    except (CommandFailed, StepFailed) as failure:
        _give_up(f"the demo failed: {failure}", FAILED)
    console.print()
    console.print(_table(attempts))


def _go_on(_fleet: Fleet) -> None:
    """Destroy at once."""


def _stay_up(console: Console, folder: Path) -> Pause:
    def stay_up(fleet: Fleet) -> None:
        console.print("\nThe emulator stays up. Ctrl-C ends it, or make demo-stop in another terminal.\n")
        for line in Handout.written(fleet, folder).lines():
            console.print(line, soft_wrap=True, markup=False)
        wait_for_the_end()

    return stay_up


def _run(progress: Progress, engine: Engine, port: int, mqtt_port: int, pause: Pause) -> list[Attempt]:
    require, deployed = ENGINES[engine]
    require()
    with ExitStack() as running:
        with progress.step("start MiniStack, an emulator of AWS on this machine"):
            emulator = running.enter_context(Emulator(port=port, mqtt_port=mqtt_port))
        attempts = tell(emulator, progress, deployed, pause)
        with progress.step("stop the emulator"):
            running.close()
    with progress.step("look for processes that are left:") as step:
        if left := processes_with(MARK, os.environ[MARK]):
            names = ", ".join(f"{process.pid} {process.name()}" for process in left)
            raise StepFailed(f"processes are left: {names}")
        step.result = "none"
    return attempts


def _table(attempts: Sequence[Attempt]) -> Table:
    table = Table("device", "outcome", "thing", "certificate status", "seconds")
    table.columns[-1].justify = "right"
    for attempt in attempts:
        row = (attempt.device, attempt.outcome, attempt.thing_name or "none", attempt.certificate_status)
        table.add_row(*row, f"{attempt.seconds:.2f}")
    return table


def _give_up(message: str, status: int) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(status)


def _end(number: int, _frame: Any) -> NoReturn:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    typer.run(main)
