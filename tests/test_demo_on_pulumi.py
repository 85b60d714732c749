"""The demo by Pulumi's own engine: the same devices, the same table, and nothing left."""

import os
import shutil

import pytest
from test_demo import row, run_demo

from tests.support.needing_engine import needs_engine
from workshop import pulumi_engine

pytestmark = [pytest.mark.exhaustive, needs_engine, pytest.mark.timeout(600)]


def test_the_demo_goes_from_pulumi_up_to_a_device_with_its_own_certificate_and_leaves_nothing(tmp_path):
    run = run_demo(engine="pulumi", HOME=str(tmp_path))
    assert (run.returncode, run.stderr) == (0, "")
    for expected in (
        "pulumi up stacks/pulumi",
        "register with SerialNumber=A-0001: thing sensor-A-0001",
        "pulumi destroy",
        "look for what is left: no active certificate, no policy, no template, no secret, no table",
        "look for processes that are left: none",
    ):
        assert f"✓ {expected}" in run.stdout
    assert row(run.stdout, 1)[1:4] == ["registered", "sensor-A-0001", "ACTIVE"]
    assert row(run.stdout, 2)[1:4] == ["refused: not on the allow list", "none", "PENDING_ACTIVATION"]
    assert row(run.stdout, 3)[1:4] == ["refused: already provisioned", "none", "PENDING_ACTIVATION"]


def test_the_engine_may_be_in_a_folder_of_any_name(emulator, tmp_path, monkeypatch):
    state, tools = tmp_path / "state", tmp_path / "pulumi"
    state.mkdir()
    tools.mkdir()
    (tools / "pulumi").symlink_to(shutil.which("pulumi"))
    path = {"PATH": os.pathsep.join([str(tools), os.environ["PATH"]])}
    monkeypatch.setattr(pulumi_engine, "tool_environment", lambda: path)
    assert pulumi_engine.stack_of(pulumi_engine.FLEET, emulator, state).workspace.stack().name == "local"
