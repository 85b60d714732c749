"""A demo that stays up: what it hands out is enough to enrol, and it leaves nothing however it is ended."""

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from tests.support.needing_engine import needs_engine
from workshop.demo.kept import MARK
from workshop.device import Broker, Credentials, Rejected, provision
from workshop.ports import free_port
from workshop.toolchain import ROOT, tool_environment

pytestmark = pytest.mark.timeout(600)
SECONDS = 250
STOP = "workshop.demo.stop"


class KeptDemo:
    """A demo in a folder of its own, and what it has written so far."""

    def __init__(self, folder, engine):
        shutil.copy(ROOT / "cdk.json", folder)
        shutil.copytree(ROOT / "stacks", folder / "stacks")
        self.folder, self.port = folder, free_port()
        ports = ["--port", str(free_port()), "--mqtt-port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "workshop.demo", "--keep", "--engine", engine, *ports],
            cwd=folder,
            env=tool_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        self._lines.extend(iter(self._process.stdout.readline, ""))
        # Whoever stops it waits until nothing is left of it, which a process is until its parent has asked.
        self._process.wait()

    @property
    def output(self):
        return "".join(self._lines)

    def wait_until_up(self):
        """Wait for the last line that it shows before it waits itself."""
        deadline = time.monotonic() + SECONDS
        while "csr/dist/index.js" not in self.output:
            assert self._process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.1)
        return self

    def fact(self, name):
        return re.search(rf"^  {name} +(.+)$", self.output, re.MULTILINE)[1]

    def enrol(self, serial_number, client_id):
        broker = Broker(self.fact("endpoint"), int(self.fact("port")), Path(self.fact("CA")).read_bytes())
        claim = Credentials(*(Path(self.fact(name)).read_text() for name in ("claim", "private key")))
        parameters = {self.fact("parameter"): serial_number}
        return provision(broker, claim, self.fact("template"), parameters, client_id=client_id)

    def commands(self):
        return re.findall(r"^  ((?:npm|openssl|SSL).* --endpoint .*)$", self.output, re.MULTILINE)

    def end_by(self, number):
        self._process.send_signal(number)

    def ended(self):
        """The exit status, once it has ended."""
        status = self._process.wait(SECONDS)
        self._reader.join()
        self._process.stdout.close()
        return status

    def remains(self):
        """Processes that were started in this folder, and the folder of its files."""
        started = [p for p in psutil.process_iter() if _folder_of(p) == str(self.folder)]
        return [*started, *self.folder.glob(".demo")]


def _folder_of(process):
    try:
        return process.cwd()
    except psutil.Error:
        return None


@contextmanager
def kept_demo(folder, engine):
    demo = KeptDemo(folder, engine)
    try:
        yield demo.wait_until_up()
    finally:
        demo.end_by(signal.SIGTERM)
        demo.ended()


def run_in(folder, module, *arguments):
    command = [sys.executable, "-m", module, *arguments]
    settings = {"cwd": folder, "env": tool_environment(), "timeout": SECONDS}
    return subprocess.run(command, capture_output=True, text=True, check=False, **settings)


def test_what_the_demo_hands_out_is_enough_to_enrol_until_it_is_stopped(tmp_path):
    with kept_demo(tmp_path, "cdk") as demo:
        python, python_csr, _, javascript_csr = demo.commands()
        assert "--client_id" not in python + python_csr
        assert "--csr_file" in python_csr
        assert "--csr_file" in javascript_csr
        serial_numbers = demo.fact("serial numbers").split(":")[0].split()
        for command, serial_number in zip(demo.commands(), serial_numbers, strict=False):
            assert enrolled_by(command, demo) == f"sensor-{serial_number}"
        with pytest.raises(Rejected, match="403"):
            demo.enrol(serial_numbers[0], "claim-mine")
        with pytest.raises(Exception, match=r"(?i)auth|closed|unexpected"):
            demo.enrol("C-0005", "another")
        key = Path(demo.fact("private key"))
        assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        second = run_in(tmp_path, "workshop.demo", "--keep", "--port", str(free_port()))
        assert (second.returncode, second.stderr.count("\n")) == (2, 1)
        assert second.stderr.endswith("end it by make demo-stop\n")
        stopped = run_in(tmp_path, STOP)
        assert (stopped.returncode, stopped.stdout) == (0, "the demo has ended\n")
        assert demo.ended() == 0
    assert "look for processes that are left: none" in demo.output
    assert "PRIVATE KEY" not in demo.output
    assert demo.remains() == []


def enrolled_by(command, demo):
    """The thing of a device that is given what a printed command gives; all that it names has to exist."""
    for preparing in re.findall("^(openssl .*?) && ", command):
        subprocess.run(preparing, shell=True, check=True, capture_output=True)
    words = shlex.split(command)
    files = {word.rpartition("=")[2] for word in words if str(demo.folder) in word}
    assert all(Path(file).is_file() for file in files)
    options = dict(pairwise(words))
    broker = Broker(options["--endpoint"], demo.port, Path(demo.fact("CA")).read_bytes())
    claim = Credentials(*(Path(options[name]).read_text() for name in ("--cert", "--key")))
    parameters = json.loads(options["--template_parameters"])
    own = {
        "client_id": options.get("--client_id", "mqtt5-sample-1"),
        "own_key": "--csr_file" in options,
    }
    return provision(broker, claim, options["--template_name"], parameters, **own).thing_name


@pytest.mark.exhaustive
@needs_engine
def test_a_demo_that_pulumi_deployed_stays_up_too_until_ctrl_c(tmp_path):
    with kept_demo(tmp_path, "pulumi") as demo:
        client_id = demo.fact("client id").split(" or ")[0].replace("*", "mine")
        assert demo.enrol("C-0001", client_id).thing_name == "sensor-C-0001"
        demo.end_by(signal.SIGINT)
        assert demo.ended() == 0
    assert "pulumi destroy" in demo.output
    assert demo.remains() == []


@pytest.fixture
def marked(tmp_path):
    """A process with a mark in its environment, and the file of a demo with the same mark that is gone."""
    process = subprocess.Popen(["sleep", "60"], env={MARK: "abc"})
    left = tmp_path / ".demo"
    left.mkdir()
    # The number of a process that lives, but began at another time than the demo.
    (left / "process").write_text(f"{psutil.Process().pid} 1.5 abc")
    (left / "claim.private.pem.key").write_text("-")
    yield process
    process.kill()
    process.wait()


def test_to_stop_a_demo_that_was_killed_ends_and_removes_what_it_left(tmp_path, marked):
    stopped = run_in(tmp_path, STOP)
    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (0, "the demo has ended\n", "")
    assert marked.wait(SECONDS) == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


def test_to_stop_where_no_demo_runs_is_no_error(tmp_path):
    stopped = run_in(tmp_path, STOP)
    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (0, "no demo is running\n", "")
