"""An attempt: deploy, try everything, remove everything, whatever happens."""

import sys
import time

from ..console.sources import UnreadableError
from ..console.text import printable
from .aws import Aws
from .device import Broker, Refused, answer_to
from .engine import Engine
from .fleet import Device, Fleet
from .naming import Names
from .promise import Broken, Promise, Result, kept
from .promises import PROMISES
from .removal import remove_devices
from .report import Run
from .rotating import HANGUP

TORN_DOWN = "When the fleet is destroyed, its devices can't connect any more, and nothing is left."
GONE = f"connect: {HANGUP}, nothing is left"


class Attempt:
    """What is deployed, and what becomes of it.

    Args:
        run: What is reported.
        aws: The clients.
        broker: Where devices connect to.
        names: The names of the run.
        engine: What deploys the fleet, and removes it.
        last: What is tried after all that is always tried.
    """

    def __init__(
        self, run: Run, aws: Aws, broker: Broker, names: Names, engine: Engine, last: Promise
    ) -> None:
        self._run, self._aws, self._broker, self._names, self._engine = run, aws, broker, names, engine
        self._last = last
        self._fleet: Fleet | None = None

    def go(self, *, keeps: bool) -> None:
        """Deploy, try everything, and remove everything.

        Args:
            keeps: Whether the fleet stays, if all of it was tried.

        Raises:
            KeyboardInterrupt: If it was interrupted, with what is left.
        """
        try:
            self._try_and_remove(keeps=keeps)
        except KeyboardInterrupt:
            # Another one ends the process: the plan has said what removes what is left.
            self._run.problem = "interrupted"
            self._remove()
            raise KeyboardInterrupt(self._left() or "what was made has been removed") from None
        say("\n".join(filter(None, [self._left(), self._run.problem])))

    def _try_and_remove(self, *, keeps: bool) -> None:
        try:
            self._deploy_and_try()
            self._end(keeps=keeps)
        except Exception as error:
            self._run.problem = f"{type(error).__name__}: {error}"
            self._remove()
            raise

    def _deploy_and_try(self) -> None:
        say("deploying")
        started = time.monotonic()
        try:
            outputs = self._engine.deploy()
            self._run.seconds_to_deploy = time.monotonic() - started
            self._fleet = Fleet.deployed(self._aws, self._run.account, self._broker, self._names, outputs)
        except UnreadableError as error:
            self._run.problem = str(error)
        else:
            for promise in (*PROMISES, self._last):
                self._run.results.append(_tried(promise, self._fleet))

    def _end(self, *, keeps: bool) -> None:
        if keeps and self._fleet and not self._run.problem:
            self._run.left = tuple(remove_devices(self._fleet))
            say("\n".join(["the fleet stays, without devices; this removes it:", *self._engine.commands]))
        else:
            self._remove()

    def _remove(self) -> None:
        say("removing everything")
        started = time.monotonic()
        if self._fleet and not self._run.problem:
            last = Promise(TORN_DOWN, self._torn_down, GONE)
            self._run.results.append(_tried(last, self._fleet))
        else:
            self._destroy()
        self._run.seconds_to_remove = time.monotonic() - started

    def _torn_down(self, fleet: Fleet) -> str:
        """Destroy, and try whether a device can still connect."""
        device = self._last_device(fleet)
        self._destroy()
        left = ", ".join(left.what for left in self._run.left) or "nothing"
        said = answer_to(lambda: _connect(fleet, device)) if device else "not tried"
        return kept(
            said not in ("accepted", "not tried") and left == "nothing", f"connect: {said}, {left} is left"
        )

    def _last_device(self, fleet: Fleet) -> Device | None:
        """A device that is still there when the fleet is destroyed; none if that is refused."""
        try:
            return fleet.enrolled(fleet.a_listed_serial_number())
        except (Refused, UnreadableError):
            return None

    def _destroy(self) -> None:
        left = list(self._engine.destroy())
        self._run.left = (*left, *(remove_devices(self._fleet) if self._fleet else ()))

    def _left(self) -> str:
        return "\n".join(map(str, self._run.left))


def say(text: str) -> None:
    """Say on standard error how far it is."""
    for line in text.splitlines():
        print(printable(line), file=sys.stderr, flush=True)


def _connect(fleet: Fleet, device: Device) -> None:
    with fleet.connected(device):
        pass


def _tried(promise: Promise, fleet: Fleet) -> Result:
    started = time.monotonic()
    try:
        answer, is_kept = promise.ask(fleet), True
    except (Broken, Refused, UnreadableError) as error:
        answer, is_kept = str(error), False
    seconds = time.monotonic() - started
    say(f"{'ok' if is_kept else 'NO':>3} {seconds:6.1f} s  {promise.text}")
    return Result(promise, answer, is_kept, seconds)
