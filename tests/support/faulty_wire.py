"""A wire to the emulator that breaks where it is told to: what clients of AWS may meet on their way."""

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from workshop.extensions import quotas


@dataclass(frozen=True)
class Fault:
    """What becomes of a request: an answer that AWS did not give, or none.

    Args:
        status: The HTTP status of the answer; without one the connection is cut.
        code: The name of the error in the answer.
        hangs: Whether nothing comes at all, for as long as the client waits.
        carried_out: Whether AWS did what was asked, before the answer got lost.
        seconds: How late the answer is to whoever counts the time, while nobody waits for it.
        content: The answer itself, in place of JSON that names the error.
    """

    status: int | None = None
    code: str = ""
    hangs: bool = False
    carried_out: bool = False
    seconds: float = 0
    content: str = ""


class FaultyWire:
    """Break ``faults``, the operations in their order with what happens to each; pass the rest on.

    ``requests`` are the operations that came by, ``throttled`` those of them that met a quota, ``met`` the
    faults that happened to them; ``held`` is set once a request hangs.
    """

    def __init__(self, emulator):
        self.emulator = emulator
        self.url = ""
        self._lock = threading.Lock()
        self.released = threading.Event()
        self.mend()

    @staticmethod
    def named(method, path, headers, body):
        """The name of the operation that a request is for."""
        return _operation(method, path, headers)

    def mend(self):
        """Let go of whoever waits, and break nothing any more."""
        self.released.set()
        self.faults, self.requests, self.met, self.throttled = [], [], [], []
        self.held, self.released = threading.Event(), threading.Event()

    def breaks(self, operation, fault, times=1):
        """Let a fault happen to the next requests for an operation."""
        self.faults += [(operation, fault)] * times

    def take(self, operation):
        """What happens to a request."""
        with self._lock:
            self.requests.append(operation)
            for place, (name, fault) in enumerate(self.faults):
                if name == operation:
                    del self.faults[place]
                    self.met += [fault] if fault else []
                    return fault
        return None

    def carry(self, operation, fault, pass_on):
        """The emulator's answer to a request, if it comes to the emulator."""
        answer = pass_on() if fault is None or fault.carried_out else None
        if answer and quotas.CODE.encode() in answer[2]:
            self.throttled.append(operation)
        return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wire = None

    def any_method(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        operation = self.wire.named(self.command, self.path, self.headers, body)
        fault = self.wire.take(operation)
        answer = self.wire.carry(operation, fault, lambda: self._pass_on(body))
        if fault is None:
            self._answer(*answer)
        elif fault.hangs:
            released = self.wire.released
            self.wire.held.set()
            released.wait(30)
            self.close_connection = True
        elif fault.status is None:
            self.close_connection = True
        else:
            self._answer(*(answer or _error(fault)))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = any_method  # noqa: N815

    def _pass_on(self, body):
        parts = urlsplit(self.wire.emulator.url)
        connection = HTTPConnection(parts.hostname, parts.port, timeout=30)
        try:
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()

    def _answer(self, status, headers, content):
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in {"content-length", "transfer-encoding", "connection", "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        try:
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            # Whoever asked has gone: that is what some faults are about.
            self.close_connection = True

    def log_message(self, *_):
        pass


def _operation(method, path, headers):
    """The operation's name where the protocol has it, else the method with the first word of the path."""
    target = headers.get("X-Amz-Target")
    return target.rpartition(".")[2] if target else f"{method} /{re.split('[/?]', path)[1]}"


def _error(fault):
    headers = [("x-amzn-ErrorType", fault.code), ("Content-Type", "application/json")]
    if fault.content:
        return fault.status, [("Content-Type", "text/xml")], fault.content.encode()
    return fault.status, headers, json.dumps({"__type": fault.code, "message": "as it was told"}).encode()


@contextmanager
def faulty_wire(emulator, kind=FaultyWire):
    """A wire to an emulator; whoever waits at the end of it is let go."""
    wire = kind(emulator)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"wire": wire}))
    server.daemon_threads = True
    wire.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield wire
    finally:
        wire.mend()
        server.shutdown()
        thread.join()
        server.server_close()
