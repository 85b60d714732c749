"""Vulnerabilities of what users install, as far as the package index tells of them."""

import json
import tempfile
from pathlib import Path

from .needed import requirements
from .tools import Problem, run


def check() -> str | None:
    """Ask the package index.

    Returns:
        What it does not answer for, if there is any: that is not checked.

    Raises:
        Problem: If something has a known vulnerability.
    """
    with tempfile.TemporaryDirectory() as scratch:
        needed = requirements(Path(scratch))
        how = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "5")
        told = run("pip-audit", *how, "--format", "json", "--requirement", needed, accepted=(0, 1))
    if not told:
        return "pip-audit could not ask the package index"
    audited = json.loads(told)["dependencies"]
    found = [
        f"{each['name']} {each['version']}: {vulnerability['id']}, mended in {vulnerability['fix_versions']}"
        for each in audited
        for vulnerability in each.get("vulns", ())
    ]
    if found:
        raise Problem("\n".join(found))
    unknown = sum("skip_reason" in each for each in audited)
    return f"the package index tells nothing of {unknown} of {len(audited)} packages" if unknown else None
