"""What the tests of custom resources share: CloudFormation's events, and where it awaits the answers."""

import json
import threading
import uuid
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Context:
    """A Lambda context with two minutes left."""

    def __init__(self, seconds_left=120):
        self.seconds_left = seconds_left

    def get_remaining_time_in_millis(self):
        return self.seconds_left * 1000


class CloudFormation:
    """Send events to a handler and read what it answers.

    Args:
        handler: The function behind the custom resource.
        server: Where it answers.
        resource_type: The type of the custom resource.
    """

    def __init__(self, handler, server, resource_type="Custom::Any"):
        self._handler = handler
        self._server = server
        self._resource_type = resource_type

    def send(self, request_type, properties, *, request_id=None, context=None, **more):
        """The answer to one event, as CloudFormation reads it."""
        event = {
            "RequestType": request_type,
            "ResourceType": self._resource_type,
            "RequestId": request_id or str(uuid.uuid4()),
            "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/Stack/1",
            "LogicalResourceId": "Resource",
            "ResponseURL": self._server.url,
            "ResourceProperties": {"ServiceToken": "arn", **properties},
            **more,
        }
        self._handler(event, context or Context())
        answer = self._server.answers.pop()
        for name in ("RequestId", "StackId", "LogicalResourceId"):
            assert answer[name] == event[name]
        assert answer["PhysicalResourceId"]
        return answer

    def create(self, properties, **more):
        return self.send("Create", properties, **more)

    def update(self, properties, old_properties, physical_id, **more):
        old = {"ServiceToken": "arn", **old_properties}
        return self.send(
            "Update", properties, PhysicalResourceId=physical_id, OldResourceProperties=old, **more
        )

    def delete(self, properties, physical_id, **more):
        return self.send("Delete", properties, PhysicalResourceId=physical_id, **more)


class Answers:
    """A server that takes answers as S3 does for CloudFormation.

    Args:
        url: Where to put them.
    """

    def __init__(self, url):
        self.url = url
        self.answers = []
        self.attempts = 0
        self.failures_first = 0


@contextmanager
def answers_server():
    state = Answers("")

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.attempts += 1
            failed = state.attempts <= state.failures_first
            if not failed:
                state.answers.append(json.loads(body))
            self.send_response(503 if failed else 200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}/answer?Signature=1"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield state
        server.shutdown()
        thread.join()
