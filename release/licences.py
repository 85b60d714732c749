"""Licences of what users install with the package: nothing may bind what they make with it."""

import json
import sys
import tempfile
from pathlib import Path

from .needed import names, requirements
from .tools import Problem, run

ALLOWED = ("Apache", "BSD", "ISC", "MIT", "Mozilla Public License 2.0", "PSF", "Python Software Foundation")
"""Parts of their names, as packages write them in many ways."""
TAKEN = {
    "jinja2-ansible-filters": (
        "GPL-3.0; copier needs it, with which `init` makes projects: nothing of it is in them, and the extra"
        " `init` is not needed after that"
    ),
}
"""Others, each with the reason why it is taken all the same."""


def check() -> None:
    """Look at the licence of each.

    Raises:
        Problem: If one is not allowed, or is not known; each is named.
    """
    with tempfile.TemporaryDirectory() as scratch:
        needed = names(requirements(Path(scratch)))
    options = ("--python", sys.executable, "--from", "mixed", "--format", "json")
    told = json.loads(run("pip-licenses", *options, "--packages", *needed))
    found = [
        f"{each['Name']} {each['Version']}: {each['License']}"
        for each in told
        if each["Name"] not in TAKEN and not any(part in each["License"] for part in ALLOWED)
    ]
    if found:
        raise Problem("licences that are not allowed, see release/licences.py:\n" + "\n".join(found))
