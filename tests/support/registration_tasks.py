"""AWS IoT in front of an emulator that lacks some of it: registration tasks, and where devices connect to.

Whatever else it is asked goes on to the emulator.
"""

import json
import re
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from tests.support.loopback_server import LoopbackServer

TASK = "3f0b6e0c-0000-4000-8000-000000000001"
TASKS = "/thing-registration-tasks"


class RegistrationTasks(LoopbackServer):
    """Start it, and read ``url`` and ``tasks``.

    Args:
        emulator: The emulator behind it.
    """

    def __init__(self, emulator):
        self.emulator, self.tasks = emulator, {}
        super().__init__(type("Bound", (_Handler,), {"front": self}))

    def answer(self, method, path, body):
        """The answer, or nothing if the emulator gives it."""
        if (method, path) == ("GET", "/endpoint"):
            return {"endpointAddress": f"{self.emulator.mqtt_host}:{self.emulator.mqtt_port}"}
        if (method, path) == ("POST", TASKS):
            return self._start(json.loads(body))
        known = re.fullmatch(f"{TASKS}/([^/]+)(/reports)?", path)
        if not known or known[1] not in self.tasks:
            return None
        if known[2]:
            return {"resourceLinks": [], "reportType": "ERRORS"}
        done = {"status": "Completed", "successCount": self.tasks[known[1]], "failureCount": 0}
        return {"taskId": known[1], "percentageProgress": 100, **done}

    def _start(self, asked):
        """Take the lines of the file for devices that are registered, if all that a task needs is there."""
        role = asked["roleArn"].rpartition("/")[2]
        self.emulator.client("iam").get_role(RoleName=role)
        stored = self.emulator.client("s3").get_object(
            Bucket=asked["inputFileBucket"], Key=asked["inputFileKey"]
        )
        wanted = json.loads(asked["templateBody"])["Parameters"].keys()
        lines = [json.loads(line) for line in stored["Body"].read().splitlines()]
        assert all(line.keys() == wanted for line in lines)
        self.tasks[TASK] = len(lines)
        return {"taskId": TASK}


class _Handler(BaseHTTPRequestHandler):
    front = None

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self._carry_out
        raise AttributeError(name)

    def _carry_out(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.front.answer(self.command, urlsplit(self.path).path, body)
        if answer is None:
            self._pass_on(body)
        else:
            self._send(200, {"Content-Type": "application/json"}, json.dumps(answer).encode())

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
