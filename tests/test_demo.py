"""The demo, walked as a user does: the real CDK CLI, three devices, and nothing left."""

import os
import re
import socket
import subprocess
import sys

import psutil
import pytest

from workshop import toolchain
from workshop.emulator import Emulator
from workshop.ports import free_port
from workshop.problem import LocalProblem

pytestmark = pytest.mark.timeout(600)


def run_demo(port=None, engine="cdk", **environment):
    ports = ("--port", str(port or free_port()), "--mqtt-port", str(free_port()))
    command = [sys.executable, "-m", "workshop.demo", *ports, "--engine", engine]
    environment = {**os.environ, "AWS_CA_BUNDLE": "", **environment}
    environment.pop("CDK_VALIDATION", None)
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280, check=False)


def row(output, device):
    """What the table at the end says of a device."""
    (line,) = re.findall(rf"^│ {device}:.*│$", output, re.MULTILINE)
    return [cell.strip() for cell in line.strip("│").split("│")]


@pytest.mark.exhaustive
def test_the_demo_goes_from_cdk_deploy_to_a_device_with_its_own_certificate_and_leaves_nothing(tmp_path):
    # No Node of the machine and an empty home: everything comes with the project.
    run = run_demo(HOME=str(tmp_path), PATH="/usr/bin-without-node")
    assert (run.returncode, run.stderr) == (0, "")
    steps = re.findall(r"^  (.) (.+?) +([0-9.]+) s$", run.stdout, re.MULTILINE)
    assert {mark for mark, *_ in steps} == {"✓"}
    reported = [text for _, text, _ in steps]
    for expected in (
        "cdk bootstrap",
        "cdk deploy FleetProvisioning",
        "put A-0001 on the allow list",
        "register with SerialNumber=A-0001: thing sensor-A-0001",
        "reconnect with its own certificate, publish, and receive on dt/sensor-A-0001/hello",
        "read the hook's log: denied, not on the allow list",
        "read the hook's log: denied, already provisioned",
        "cdk destroy",
        "look for what is left: no active certificate, no policy, no template, no secret, no table",
        "look for processes that are left: none",
    ):
        assert expected in reported
    assert row(run.stdout, 1)[1:4] == ["registered", "sensor-A-0001", "ACTIVE"]
    assert row(run.stdout, 2)[1:4] == ["refused: not on the allow list", "none", "PENDING_ACTIVATION"]
    assert row(run.stdout, 3)[1:4] == ["refused: already provisioned", "none", "PENDING_ACTIVATION"]
    assert all(float(row(run.stdout, device)[4]) > 0 for device in (1, 2, 3))
    assert [p.cmdline() for p in psutil.process_iter() if home_of(p) == str(tmp_path)] == []


def home_of(process):
    try:
        return process.environ().get("HOME")
    except psutil.Error:
        return None


def test_a_port_that_is_taken_is_reported_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        run = run_demo(port=port)
    assert run.returncode == 2
    (line,) = run.stderr.splitlines()
    assert line.startswith(f"make demo can't run: port {port} for the AWS APIs is taken")
    assert line.endswith("choose another port (make demo takes PORT and MQTT_PORT)")
    assert "Traceback" not in run.stdout


def test_a_folder_without_an_app_is_reported_in_one_line(tmp_path):
    command = [sys.executable, "-m", "workshop.demo"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    (line,) = run.stderr.splitlines()
    assert line.endswith("change to the root of the repository")


def test_a_step_that_fails_ends_the_demo_with_its_reason_and_stops_the_emulator(tmp_path):
    # The app can't be synthesised, so cdk deploy fails.
    (tmp_path / "cdk.json").write_text('{"app": "false"}')
    port = free_port()
    command = [sys.executable, "-m", "workshop.demo", "--port", str(port)]
    command += ["--mqtt-port", str(free_port())]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 1
    assert re.search(r"✓ cdk bootstrap +[0-9.]+ s", run.stdout)
    assert re.search(r"✗ cdk deploy +[0-9.]+ s", run.stdout)
    assert run.stderr.startswith("the demo failed: cdk deploy failed:")
    assert "Traceback" not in run.stderr
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


@pytest.fixture
def only_this_node(tmp_path, monkeypatch):
    """A machine without the bundled Node, and with a Node that says it is of some version, or none."""

    def machine(version):
        if version:
            node = tmp_path / "node"
            node.write_text(f"#!/bin/sh\necho {version}\n")
            node.chmod(0o755)
        monkeypatch.setattr(toolchain, "_bundled_node", list)
        monkeypatch.setattr(toolchain.sys, "executable", str(tmp_path / "python"))
        monkeypatch.setenv("PATH", str(tmp_path))

    return machine


def test_a_machine_without_node_is_told_what_to_install(only_this_node):
    only_this_node(None)
    with pytest.raises(
        LocalProblem, match="there is no Node: make brings one with the group workshop"
    ) as problem:
        toolchain.require_node()
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("version", ["v18.20.1", "v6.0.0", "''", "nonsense"])
def test_a_node_that_is_too_old_is_reported(only_this_node, version):
    only_this_node(version)
    with pytest.raises(LocalProblem, match="install Node 20 or newer"):
        toolchain.require_node()


@pytest.mark.parametrize("version", ["v20.0.0", "v24.19.1"])
def test_a_node_that_is_new_enough_is_fine(only_this_node, version):
    only_this_node(version)
    toolchain.require_node()


def test_no_variable_of_an_account_reaches_a_tool(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "elsewhere")
    environment = {**toolchain.tool_environment(), **Emulator().environment()}
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3"} & environment.keys()
    assert environment["AWS_ACCESS_KEY_ID"] == "test"
