"""The command's own folder holds doors: what a verb does is in a library."""

import subprocess
import sys
from pathlib import Path

import pytest

from device_provisioning import cli, greengrass
from device_provisioning.cli.greengrass.options import Nucleus

DOORS = sorted(Path(cli.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("file", DOORS, ids=lambda file: "/".join(file.parts[-2:]))
def test_a_door_is_short(file):
    assert len(file.read_text("utf-8").splitlines()) < 60, "move what is not about the command line elsewhere"


def test_doors_open_without_what_only_some_of_the_rooms_need():
    heavy = "{'aws_cdk', 'boto3', 'copier', 'cryptography', 'pulumi', 'pydantic', 'yaml'}"
    code = f"import sys, device_provisioning.cli; print(sorted({heavy} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def test_the_door_knows_each_nucleus():
    assert list(Nucleus) == list(greengrass.Nucleus)
