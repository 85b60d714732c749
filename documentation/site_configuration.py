"""What the configuration of the site takes from the project: the version, and where the repository is."""

import json
import tomllib
from pathlib import Path

from device_provisioning.version import __version__

ROOT = Path(__file__).parent.parent


def released_configuration(text: str, repository: str | None) -> str:
    """``zensical.toml`` with what the header says.

    Args:
        text: The file.
        repository: Where the repository is, which a fork may not have said.
    """
    project = tomllib.loads(text)["project"]
    settings = {"site_name": f"{project['site_name']} {__version__}"}
    if repository:
        settings |= {"repo_url": repository, "repo_name": "Repository"}
    lines = [line for line in text.splitlines() if not line.startswith("site_name = ")]
    first = lines.index("[project]") + 1
    lines[first:first] = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    return "\n".join([*lines, ""])


def repository_address() -> str | None:
    """Where ``pyproject.toml`` says that the repository is."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    address: str | None = project["urls"].get("Repository")
    return address
