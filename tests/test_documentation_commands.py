"""Every command that the documentation shows, typed in a shell, each page against an emulator of its own.

The command of this package, ``cdk`` and Pulumi's engine are the real ones. ``pulumi up``, ``preview`` and
``destroy`` are served by the Automation API, as the engine that is built here has no language host. What the
emulator lacks are servers of these tests: deployments of Greengrass, AWS Panorama, IoTDA.
"""

import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.adoptable_fleet import make_by_hand
from tests.support.device_endpoint import DeviceEndpoint
from tests.support.documented_pages import pages
from tests.support.documented_shell import (
    Shell,
    executable,
    home_in,
    outputs_of,
    quiet_environment,
    shown_in,
    steps_of,
)
from tests.support.greengrass_endpoint import GreengrassEndpoint
from tests.support.iotda_server import ACCESS_KEY, INSTANCE, PROJECT, SECRET_KEY, IotdaServer
from tests.support.needing_engine import needs_engine
from tests.support.panorama_endpoint import PanoramaEndpoint
from workshop.emulator import ACCOUNT, REGION, Emulator
from workshop.processes import run
from workshop.pulumi_engine import pulumi_environment
from workshop.toolchain import tool_environment

pytestmark = [pytest.mark.documentation, needs_engine, pytest.mark.timeout(600)]

TYPED = {page.name: page for page in pages() if steps_of(page)}


class Reader:
    """Somebody with an emulator for an account."""

    def __init__(self, folder, emulator, greengrass, iotda, panorama, endpoint):
        self.folder, self.emulator = folder, emulator
        self._commands, self._home = folder / "bin", home_in(folder)
        self._variables = {
            "AWS_ENDPOINT_URL_GREENGRASSV2": greengrass.url,
            "AWS_ENDPOINT_URL_IOT": endpoint.url,
            "PANORAMA": panorama.url,
            "HUAWEICLOUD_SDK_AK": ACCESS_KEY,
            "HUAWEICLOUD_SDK_SK": SECRET_KEY,
            "PROJECT": PROJECT,
            "INSTANCE": INSTANCE,
            "ENDPOINT": iotda.url,
            "CDK_VALIDATION": "false",
            "CDK_REQUIRE_APPROVAL": "never",
            "CA_FILE": str(folder / "emulator.pem"),
        }
        (folder / "emulator.pem").write_bytes(emulator.trust_store())
        served = Path(__file__).parent / "support" / "served_pulumi.py"
        executable(self._commands / "pulumi", f'#!/bin/sh\nexec {sys.executable} {served} "$@"\n')

    def environment(self, folder):
        """The variables of a reader who has begun in a folder, and chose a Region as the pages say."""
        state = folder / "pulumi"
        state.mkdir()
        tools = pulumi_environment(self.emulator, state)
        engine = shutil.which("pulumi", path=tools["PATH"])
        quiet = quiet_environment(self._commands, tools["PATH"])
        tools.pop("AWS_DEFAULT_REGION")
        return {
            **tools,
            **self._variables,
            **{name: quiet[name] for name in ("PATH", "PYTHONWARNINGS")},
            **{name: value for name, value in tool_environment().items() if name not in ("PATH",)},
            **self._home,
            "PULUMI_ENGINE": engine,
        }

    def read(self, page):
        """Go through a page; what its steps wrote."""
        folder = self.folder / page.path.stem
        folder.mkdir()
        shell = Shell(folder, self.environment(folder))
        if "clone of this repository" in " ".join(page.text.split()):
            shell.clone()
        shell.go_through(steps_of(page))
        for block, number in outputs_of(page):
            written = "".join(shell.written(each) for each in range(number))
            assert shown_in(block.text, written), f"{block}: was not written:\n{written}"


PREPARED = {
    "docs/guides/adopting-a-template.md": make_by_hand,
    "docs/guides/bulk.md": lambda emulator: emulator.client("iot").create_policy(
        policyName="pump", policyDocument='{"Version": "2012-10-17", "Statement": []}'
    ),
    "docs/guides/devices-on-the-list.md": lambda emulator: emulator.client("s3").create_bucket(
        Bucket="device-lists", CreateBucketConfiguration={"LocationConstraint": REGION}
    ),
}
"""What a page says that the reader has, made before."""


@pytest.fixture
def reader(tmp_path):
    """A reader whose account is new: pages deploy stacks of the same names."""
    with ExitStack() as running:
        emulator = running.enter_context(Emulator())
        servers = [
            running.enter_context(server()) for server in (GreengrassEndpoint, IotdaServer, PanoramaEndpoint)
        ]
        endpoint = running.enter_context(DeviceEndpoint(emulator))
        yield Reader(tmp_path, emulator, *servers, endpoint)


def bootstrap(reader):
    """What a reader who deploys with the CDK has done."""
    environment = {
        **tool_environment(),
        **reader.emulator.environment(),
        "CDK_HOME": str(reader.folder),
    }
    run(["cdk", "bootstrap", f"aws://{ACCOUNT}/{REGION}", "--no-notices", "--ci"], environment, reader.folder)


@pytest.mark.parametrize("name", TYPED)
def test_the_commands_of_a_page_do_what_it_says(reader, name):
    if "cdk deploy" in TYPED[name].text:
        bootstrap(reader)
    if prepare := PREPARED.get(name):
        prepare(reader.emulator)
    reader.read(TYPED[name])
