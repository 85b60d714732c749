"""Deployments of AWS IoT Greengrass on loopback: the emulator has none."""

import json
import re
import uuid
from http.server import BaseHTTPRequestHandler

from tests.support.loopback_server import LoopbackServer

DEPLOYMENTS = "/greengrass/v2/deployments"


class GreengrassEndpoint(LoopbackServer):
    """Start it, and read ``url`` and ``deployments``."""

    def __init__(self):
        self.deployments = {}
        super().__init__(type("Bound", (_Handler,), {"deployments": self.deployments}))


class _Handler(BaseHTTPRequestHandler):
    deployments = None

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
        if self.path == DEPLOYMENTS:
            id_ = str(uuid.uuid4())
            self.deployments[id_] = body
            self._answer(201, {"deploymentId": id_})
        else:
            known = self._known(re.fullmatch(f"{DEPLOYMENTS}/(.+)/cancel", self.path))
            self._answer(200 if known else 404, {"message": "cancelled"})

    def do_DELETE(self):
        id_ = self._known(re.fullmatch(f"{DEPLOYMENTS}/(.+)", self.path))
        self.deployments.pop(id_, None)
        self._answer(204 if id_ else 404, {})

    def _known(self, match):
        return match.group(1) if match and match.group(1) in self.deployments else None

    def _answer(self, status, content):
        text = json.dumps(content).encode() if status != 204 else b""
        self.send_response(status)
        if status == 404:
            self.send_header("x-amzn-ErrorType", "ResourceNotFoundException")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass
