"""MiniStack, an emulator of AWS, with the extensions of this project, as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from functools import cache
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

from .ports import HOST, free_port
from .problem import LocalProblem
from .toolchain import tool_environment

ACCOUNT = "111122223333"
REGION = "eu-west-1"
SECONDS_TO_START = 120
SECONDS_TO_STOP = 5
EXTENDED = "workshop.extended_emulator"
# A session makes one client at a time.
_LOCK = Lock()


class Emulator:
    """Start MiniStack on ports of its own, and end it with everything that it started.

    The extensions of this project, ``workshop.extensions``, are always part of it.

    Args:
        port: The port of the AWS APIs; a free one by default.
        mqtt_port: The port that devices connect to; a free one by default.
        enforce_iam: Whether requests without permission are refused; no by default.
        quotas: Which part of AWS IoT's default quotas counts, such as 1 for all of them; none by default.
        late_roles: How many uses of each role are refused as if it were not known yet; none by default.

    Raises:
        LocalProblem: On entering, if a port is taken or the emulator does not start.

    Example::

        with Emulator() as emulator:
            emulator.client("iot").list_things()
    """

    def __init__(
        self,
        *,
        port: int | None = None,
        mqtt_port: int | None = None,
        enforce_iam: bool = False,
        quotas: float = 0,
        late_roles: int = 0,
    ) -> None:
        self.port = port or free_port()
        self.mqtt_port = mqtt_port or free_port()
        self.mqtt_host = "localhost"
        self.url = f"http://{HOST}:{self.port}"
        self._enforce_iam = enforce_iam
        self._strictness = {"IOT_QUOTAS": str(quotas), "LATE_ROLES": str(late_roles)}
        self.credentials_port = free_port()
        self._reports_port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._clients: dict[str, Any] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        _require_free(self.port, "the AWS APIs")
        _require_free(self.mqtt_port, "MQTT")
        self._folder = tempfile.TemporaryDirectory(prefix="emulator-", ignore_cleanup_errors=True)
        log = self._log.open("wb")
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-W", "ignore", "-m", EXTENDED],
            env=self._process_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        try:
            self._wait_until_healthy()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the emulator and every process that it started; once is enough, more does no harm."""
        if self._process:
            _end_group(self._process)
            self._process = None
        if self._folder:
            self._folder.cleanup()
            self._folder = None

    def environment(self) -> dict[str, str]:
        """Variables with which tools and boto3 reach the emulator, and no account of yours."""
        return {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ACCOUNT_ID": ACCOUNT,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator; the same one each time, because making one takes long."""
        with _LOCK:
            if service not in self._clients:
                self._clients[service] = _session().client(service, endpoint_url=self.url)
            return self._clients[service]

    def trust_store(self) -> bytes:
        """The certificate authority, in PEM, that signs the certificate of the MQTT port."""
        return self._get("/_ministack/iot/ca.pem")

    @property
    def _log(self) -> Path:
        assert self._folder  # noqa: S101  # between start and stop
        return Path(self._folder.name) / "log"

    def _process_environment(self) -> dict[str, str]:
        folder = str(self._log.parent)
        return {
            **tool_environment(),
            **self._strictness,
            "AUTH": "true" if self._enforce_iam else "false",
            "BIND_HOST": HOST,
            "CREDENTIALS_PORT": str(self.credentials_port),
            "GATEWAY_PORT": str(self.port),
            "HOME": folder,
            "IOT_MTLS_PORT": str(self.mqtt_port),
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_REGION": REGION,
            "REPORTS_PORT": str(self._reports_port),
            "S3_DATA_DIR": folder,
            "SFTP_ENABLED": "0",
            "STATE_DIR": folder,
            "TMPDIR": folder,
        }

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if self._process and self._process.poll() is not None:
                raise LocalProblem(f"the emulator ended at once: {_last_line(self._log)}")
            try:
                self._get("/_ministack/health")
                self.trust_store()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise LocalProblem(
            f"the emulator did not start in {SECONDS_TO_START} seconds: {_last_line(self._log)}"
        )

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:  # noqa: S310
            content: bytes = answer.read()
        return content


@cache
def _session() -> Any:
    """One for all clients of all emulators: what it reads for the first takes most of the time."""
    import boto3

    return boto3.Session("test", "test", region_name=REGION)


def _require_free(port: int, what: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise LocalProblem(
                f"port {port} for {what} is taken ({error.strerror}): end what uses it or choose another port"
                " (make demo takes PORT and MQTT_PORT)"
            ) from None


def _end_group(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it wrote nothing"
