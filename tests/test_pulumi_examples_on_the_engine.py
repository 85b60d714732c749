"""The examples for Pulumi, deployed unchanged by Pulumi's own engine.

Most are deployed at once, as one program. Those that register the same CA as another one, which an account
can have once, follow one after the other. Deployments of Greengrass, IoTDA and AWS Panorama are not of the
emulator: they are servers of these tests.
"""

import re

import pytest
from pulumi.automation import CommandError, ConfigValue

from tests.support.example_programs import PROGRAMS, run
from tests.support.greengrass_endpoint import GreengrassEndpoint
from tests.support.iotda_server import ACCESS_KEY, INSTANCE, PROJECT, SECRET_KEY, IotdaServer
from tests.support.needing_engine import changes, needs_engine
from tests.support.panorama_endpoint import PanoramaEndpoint
from workshop.emulator import Emulator
from workshop.extensions.eventual_detaching import MOST_QUESTIONS
from workshop.pulumi_engine import stack_of

pytestmark = [pytest.mark.exhaustive, needs_engine, pytest.mark.timeout(900)]


def authorities(path):
    """The CAs that a program registers."""
    return set(re.findall(r'"(\w+\.pem)"', path.read_text()))


def batches():
    """The programs that can be deployed at once, then each of the others."""
    together, registered, alone = [], set(), []
    for path in sorted(PROGRAMS, key=lambda path: len(authorities(path))):
        if registered & authorities(path):
            alone.append([path])
        else:
            together.append(path)
            registered |= authorities(path)
    return [together, *alone]


class Cloud:
    """The emulator and the servers of these tests, and the stack that the examples are deployed as."""

    def __init__(self, folder, emulator, greengrass, iotda, panorama):
        self.emulator, self.greengrass, self.iotda, self.panorama = emulator, greengrass, iotda, panorama
        self.programs = []
        project = folder / "source"
        project.mkdir()
        (project / "Pulumi.yaml").write_text("name: examples\nruntime: python\n")
        settings = {
            "huaweicloud:accessKey": ACCESS_KEY,
            "iotda:endpoint": iotda.url,
            "iotda:instanceId": INSTANCE,
            "iotda:projectId": PROJECT,
            "panorama:endpointUrl": panorama.url,
        }
        self.stack = stack_of(project, emulator, folder, program=self._run, settings=settings)
        self.stack.set_config("huaweicloud:secretKey", ConfigValue(SECRET_KEY, secret=True))
        make_list(emulator)

    def _run(self):
        for path in self.programs:
            run(path)

    def left(self):
        """What is there of what examples deploy."""
        iot = self.emulator.client("iot")
        return [
            *iot.list_provisioning_templates()["templates"],
            *iot.list_policies()["policies"],
            *iot.list_certificates()["certificates"],
            *iot.list_ca_certificates()["certificates"],
            *iot.list_topic_rules()["rules"],
            *iot.list_thing_groups()["thingGroups"],
            *self.emulator.client("lambda").list_functions()["Functions"],
            *self.emulator.client("iam").list_roles()["Roles"],
            *self.greengrass.deployments,
            *self.iotda.templates,
            *self.iotda.authorities,
            *self.panorama.devices,
        ]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with (
        pytest.MonkeyPatch.context() as patch,
        Emulator() as emulator,
        GreengrassEndpoint() as greengrass,
        IotdaServer() as iotda,
        PanoramaEndpoint() as panorama,
    ):
        patch.setenv("AWS_ENDPOINT_URL_GREENGRASSV2", greengrass.url)
        yield Cloud(tmp_path_factory.mktemp("examples"), emulator, greengrass, iotda, panorama)


def make_list(emulator):
    """The table of list_of_millions, which is there before its stack."""
    emulator.client("dynamodb").create_table(
        TableName="pumps",
        KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def destroyed(stack):
    """Destroy a stack, once more where AWS IoT has not detached yet what a certificate held."""
    for _ in range(MOST_QUESTIONS):
        try:
            return stack.destroy()
        except CommandError as error:
            if "DeleteConflictException" not in str(error):
                raise
    return stack.destroy()


@pytest.mark.parametrize(
    "programs", batches(), ids=lambda paths: paths[0].stem if len(paths) == 1 else "together"
)
def test_examples_are_deployed_unchanged_and_destroyed(cloud, programs):
    before = cloud.left()
    cloud.programs = programs
    planned = changes(cloud.stack.preview().change_summary)
    assert changes(cloud.stack.up().summary.resource_changes) == planned
    assert len(cloud.left()) > len(before)
    assert cloud.stack.preview(expect_no_changes=True)
    destroyed(cloud.stack)
    assert cloud.left() == before
