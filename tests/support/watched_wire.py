"""A wire on which one call of a run is refused, or interrupts the run."""

import re
import threading
from urllib.parse import parse_qs, urlsplit

from tests.support.crowded_wire import CrowdedWire
from tests.support.faulty_wire import Fault, FaultyWire
from tests.support.verified import let_functions_detach

NUMBERED = re.compile(r"/[^/]*(dp-verify-|[0-9a-f]{64}|arn:|arn%3A|function:|SN-)[^/]*")
OF_S3 = re.compile(r"[A-Z]+ /\*(/\*?)?")
DEPLOYING, TRYING, REMOVING = "deploying: ", "", "removing: "
LOOKS = ("Describe", "GET", "Get", "List")
REMOVES = ("DELETE", "Delete", "Detach")
SECONDS = 120
"""How long the wire waits for what surely comes: a test that lacks it fails, and does not hang."""
ERROR = "<Error><Code>AccessDenied</Code><Message>as it was told</Message></Error>"
DENIED = Fault(status=403, code="AccessDeniedException")
DENIED_IN_XML = Fault(status=403, content=f"<ErrorResponse>{ERROR}</ErrorResponse>")
DENIED_BY_S3 = Fault(status=403, content=ERROR)
LOST = Fault()


def one_of_each_kind(calls):
    """The last call of a phase that looks, that removes and that makes something: most is there by then."""
    return list({_kind(call): call for call in calls}.values())


class WatchedWire(FaultyWire):
    """Refuse a call, or interrupt whoever makes it.

    Calls have their operation's name, with what the run is about before it.

    Attributes:
        phase: What the run is about; set by its engine.
        refused: The call that is refused, each time.
        interrupting: The call that interrupts the run, once; its answer gets lost.
        interrupt: Interrupts the run, and returns when that has been noticed.
        late_after: The operation before whose next answer, and no sooner, AWS does what the call asked for;
            by default it does it at once, before the interruption.
    """

    def mend(self):
        super().mend()
        self._denials = {}
        self.phase = TRYING
        self.refused = self.interrupting = self.interrupt = self.late_after = None
        self._looked, self._done = threading.Event(), threading.Event()

    def named(self, method, path, headers, body):
        """The operation by its name where the protocol has one, else by method and path without names."""
        name, denial = _name_and_denial(method, urlsplit(path), headers, body)
        self._denials[name] = denial
        return name

    def take(self, operation):
        if operation in ("DeleteStack", "GetSecretValue"):
            let_functions_detach(self.emulator)
        call = self.phase + operation
        super().take(call)
        if call == self.interrupting:
            self.interrupting = None
            return LOST
        return self._denials[operation] if call == self.refused else None

    def carry(self, operation, fault, pass_on):
        if fault is not LOST:
            answer = super().carry(operation, fault, pass_on)
            self._have_done_before(operation)
        elif self.late_after is None:
            answer = pass_on()
            self.interrupt()
        else:
            answer = self._passed_on_late(pass_on)
        return answer

    def _passed_on_late(self, pass_on):
        try:
            self.interrupt()
            assert self._looked.wait(SECONDS)
            return pass_on()
        finally:
            self._done.set()

    def _have_done_before(self, operation):
        """Hold an answer back that tells what was, until the call that is late is done."""
        if operation == self.late_after and self.interrupting is None and not self._looked.is_set():
            self._looked.set()
            assert self._done.wait(SECONDS)


def _kind(call):
    phase, _, operation = call.rpartition(": ")
    kinds = {"looks": operation.startswith(LOOKS), "removes": operation.startswith(REMOVES), "makes": True}
    return phase, next(kind for kind, is_so in kinds.items() if is_so)


class CrowdedWatchedWire(CrowdedWire, WatchedWire):
    """A watched wire on which others have used a quota up."""


def _name_and_denial(method, path, headers, body):
    if target := headers.get("X-Amz-Target"):
        return target.rpartition(".")[2], DENIED
    form = headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
    if form and (action := parse_qs(body.decode()).get("Action")):
        return action[0], DENIED_IN_XML
    name = f"{method} {NUMBERED.sub('/*', path.path)}"
    if not OF_S3.fullmatch(name):
        return name, DENIED
    what = re.match(r"[\w-]+", path.query)
    return f"{name}?{what[0]}" if what else name, DENIED_BY_S3
