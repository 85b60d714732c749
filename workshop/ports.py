"""Ports of this machine that nobody uses."""

import secrets
import socket

HOST = "127.0.0.1"
LISTENING = range(10_000, 32_768)
"""Below what systems give to outgoing connections, which would take a port between its choice and its use."""


def free_port() -> int:
    """A port of the loopback that nobody listens on, another one for each process that asks."""
    while True:
        port = secrets.choice(LISTENING)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        return port
