"""The command's own folder holds doors: what a verb does is in a library."""

from pathlib import Path

import pytest

from device_provisioning import cli

DOORS = sorted(Path(cli.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("file", DOORS, ids=lambda file: "/".join(file.parts[-2:]))
def test_a_door_is_short(file):
    assert len(file.read_text("utf-8").splitlines()) < 60, "move what is not about the command line elsewhere"
