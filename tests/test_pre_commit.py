"""The hook for pre-commit, run by pre-commit itself: it installs this package and lints what is committed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.template_files import FOLDER

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PRE_COMMIT = Path(sys.executable).parent / "pre-commit"
SOUND = (FOLDER / "fleet" / "valid-smallest.json").read_text()
BROKEN = (FOLDER / "fleet" / "DP024-breaks-blank-in-a-value.json").read_text()


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The environment of pre-commit, which keeps what it installs for a hook."""
    home = tmp_path_factory.mktemp("pre-commit")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**inherited, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}


@pytest.fixture
def repository(tmp_path):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


def hook(repository, environment, **files):
    """Let pre-commit run the hook of this checkout over files of a repository."""
    for name, text in files.items():
        (repository / f"{name}.json").write_text(text)
    command = [PRE_COMMIT, "try-repo", ROOT, "device-provisioning-lint", "--files"]
    command += [f"{name}.json" for name in files]
    return subprocess.run(
        command, cwd=repository, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
def test_it_refuses_a_broken_body_and_lets_a_sound_one_pass(repository, environment):
    refused = hook(repository, environment, broken=BROKEN, sound=SOUND)
    assert refused.returncode == 1, refused.stderr
    place = "broken.json:26:11: error DP024 /Resources/thing/Properties/AttributePayload/room"
    assert place in refused.stdout
    assert "sound.json" not in refused.stdout
    passed = hook(repository, environment, sound=SOUND)
    assert passed.returncode == 0, passed.stdout
    assert "Lint provisioning templates" in passed.stdout
    assert "Passed" in passed.stdout


def test_the_configurations_of_pre_commit_are_valid():
    for command, file in (
        ("validate-manifest", ".pre-commit-hooks.yaml"),
        ("validate-config", ".pre-commit-config.yaml"),
    ):
        subprocess.run([PRE_COMMIT, command, ROOT / file], check=True)
