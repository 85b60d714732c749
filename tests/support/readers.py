"""Somebody who goes through a page of the documentation, with an emulator for an account."""

import shutil
import ssl
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.device_endpoint import DeviceEndpoint
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
from tests.support.panorama_endpoint import PanoramaEndpoint
from workshop.emulator import ACCOUNT, REGION, Emulator
from workshop.processes import run
from workshop.pulumi_engine import pulumi_environment
from workshop.toolchain import tool_environment

OWN = ("PATH", "SSL_CERT_FILE")
"""Variables that a reader has of its own."""


class Reader:
    """Somebody with an emulator for an account.

    Args:
        folder: Where to.
        emulator: The account.
        tools: The folder of what the reader has installed; by default that of this environment.
    """

    def __init__(self, folder, emulator, greengrass, iotda, panorama, endpoint, tools=None):
        self.folder, self.emulator, self._tools = folder, emulator, tools
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
            "SSL_CERT_FILE": str(folder / "trusted.pem"),
        }
        (folder / "emulator.pem").write_bytes(emulator.trust_store())
        # The emulator's links to reports are of its own authority.
        known = ssl.get_default_verify_paths().cafile
        others = Path(known).read_bytes() if known else b""
        (folder / "trusted.pem").write_bytes(others + emulator.trust_store())
        served = Path(__file__).with_name("served_pulumi.py")
        executable(self._commands / "pulumi", f'#!/bin/sh\nexec {sys.executable} {served} "$@"\n')

    def environment(self, folder):
        """The variables of a reader who has begun in a folder, and chose a Region as the pages say."""
        state = folder / "pulumi"
        state.mkdir()
        tools = pulumi_environment(self.emulator, state)
        engine = shutil.which("pulumi", path=tools["PATH"])
        quiet = quiet_environment(*filter(None, [self._tools]), self._commands, tools["PATH"])
        tools.pop("AWS_DEFAULT_REGION")
        return {
            **tools,
            **self._variables,
            **{name: quiet[name] for name in ("PATH", "PYTHONWARNINGS")},
            **{name: value for name, value in tool_environment().items() if name not in OWN},
            **self._home,
            "PULUMI_ENGINE": engine,
        }

    def bootstrap(self):
        """Do what a reader who deploys with the CDK has done."""
        environment = {
            **tool_environment(),
            **self.emulator.environment(),
            "CDK_HOME": str(self.folder),
        }
        cdk = ["cdk", "bootstrap", f"aws://{ACCOUNT}/{REGION}", "--no-notices", "--ci"]
        run(cdk, environment, self.folder)

    def read(self, page):
        """Go through a page; its steps write what it shows."""
        folder = self.folder / page.path.stem
        folder.mkdir()
        shell = Shell(folder, self.environment(folder))
        if "clone of this repository" in " ".join(page.text.split()):
            shell.clone()
        shell.go_through(steps_of(page))
        for block, number in outputs_of(page):
            written = "".join(shell.written(each) for each in range(number))
            assert shown_in(block.text, written), f"{block}: was not written:\n{written}"


@contextmanager
def a_reader(folder, tools=None):
    """A reader whose account is new: pages deploy stacks of the same names."""
    with ExitStack() as running:
        emulator = running.enter_context(Emulator())
        servers = [
            running.enter_context(server()) for server in (GreengrassEndpoint, IotdaServer, PanoramaEndpoint)
        ]
        endpoint = running.enter_context(DeviceEndpoint(emulator))
        yield Reader(folder, emulator, *servers, endpoint, tools)
