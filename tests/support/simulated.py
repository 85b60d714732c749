"""Running ``device-provisioning simulate``, and what its tests share."""

import json

from typer.testing import CliRunner

from device_provisioning.cli import app
from tests.support.template_files import FOLDER

BODY = str(FOLDER / "fleet" / "valid-every-section.json")
DEFAULT = str(FOLDER / "fleet" / "valid-default-value.json")
JITP = str(FOLDER / "jitp" / "valid-common-name.json")


def simulate(*arguments, stdin=None):
    return CliRunner().invoke(app, ["simulate", *arguments], input=stdin)


def outcomes(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def a_file(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)
