"""Every command that the documentation shows, typed in a shell, each page against an emulator of its own.

The command of this package, ``cdk`` and Pulumi's engine are the real ones. ``pulumi up``, ``preview`` and
``destroy`` are served by the Automation API, as the engine that is built here has no language host. What the
emulator lacks are servers of these tests: deployments of Greengrass, AWS Panorama, IoTDA.
"""

import pytest

from tests.support.adoptable_fleet import make_by_hand
from tests.support.documented_pages import pages
from tests.support.documented_shell import steps_of
from tests.support.needing_engine import needs_engine
from tests.support.readers import a_reader
from workshop.emulator import REGION

pytestmark = [pytest.mark.documentation, needs_engine, pytest.mark.timeout(600)]

TYPED = {page.name: page for page in pages() if steps_of(page)}


PREPARED = {
    "docs/guides/adopting-a-template.md": make_by_hand,
    "docs/guides/bulk.md": lambda emulator: emulator.client("iot").create_policy(
        policyName="pump", policyDocument='{"Version": "2012-10-17", "Statement": []}'
    ),
    "docs/guides/devices-on-the-list.md": lambda emulator: emulator.client("s3").create_bucket(
        Bucket="device-lists", CreateBucketConfiguration={"LocationConstraint": REGION}
    ),
    "docs/guides/revoking-devices.md": lambda emulator: emulator.client("iot").create_thing_group(
        thingGroupName="quarantine"
    ),
}
"""What a page says that the reader has, made before."""


@pytest.fixture
def reader(tmp_path):
    with a_reader(tmp_path) as reader:
        yield reader


@pytest.mark.parametrize("name", TYPED)
def test_the_commands_of_a_page_do_what_it_says(reader, name):
    if "cdk deploy" in TYPED[name].text:
        reader.bootstrap()
    if prepare := PREPARED.get(name):
        prepare(reader.emulator)
    reader.read(TYPED[name])
