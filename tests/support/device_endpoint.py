"""AWS IoT in front of an emulator that names an endpoint which no resolver knows.

Whatever else it is asked goes on to the emulator.
"""

import json
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from tests.support.loopback_server import LoopbackServer


class DeviceEndpoint(LoopbackServer):
    """Start it, and read ``url``.

    Args:
        emulator: The emulator behind it.
    """

    def __init__(self, emulator):
        self.emulator = emulator
        super().__init__(type("Bound", (_Handler,), {"front": self}))

    def described(self):
        """Where devices connect to."""
        return {"endpointAddress": f"{self.emulator.mqtt_host}:{self.emulator.mqtt_port}"}


class _Handler(BaseHTTPRequestHandler):
    front = None

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self._carry_out
        raise AttributeError(name)

    def _carry_out(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if (self.command, urlsplit(self.path).path) == ("GET", "/endpoint"):
            answer = json.dumps(self.front.described()).encode()
            self._send(200, {"Content-Type": "application/json"}, answer)
        else:
            self._pass_on(body)

    def _pass_on(self, body):
        kept = {name: value for name, value in self.headers.items() if name.lower() != "content-length"}
        request = urllib.request.Request(
            self.front.emulator.url + self.path, body or None, kept, method=self.command
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                self._send(answer.status, dict(answer.headers.items()), answer.read())
        except urllib.error.HTTPError as error:
            self._send(error.code, dict(error.headers.items()), error.read())

    def _send(self, status, headers, content):
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass
