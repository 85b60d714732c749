"""A server on loopback that answers from threads while a test runs."""

import threading
from http.server import ThreadingHTTPServer


class LoopbackServer:
    """Enter it, and read ``url``.

    Args:
        handler: Answers a request.
    """

    def __init__(self, handler):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
