"""A template and a device CA of IoTDA, kept by Pulumi's own engine, against the API over HTTP."""

import pulumi
import pytest
from pulumi.automation import ConfigValue

from device_provisioning.iotda import CertificateField, Device, TemplateBody, ref
from device_provisioning.pulumi import IotdaDeviceCa, IotdaProvisioningTemplate
from tests.support.iotda_authorities import authority, verification
from tests.support.iotda_server import (
    ACCESS_KEY,
    INSTANCE,
    PROJECT,
    REGION,
    SECRET_KEY,
    TEMPLATES,
    Fault,
    IotdaServer,
)
from tests.support.needing_engine import changes, needs_engine
from workshop.pulumi_engine import FLEET, stack_of

pytestmark = [pytest.mark.exhaustive, needs_engine, pytest.mark.timeout(600)]

KEY, PEM = authority("Factory")
UNIT = ref(CertificateField.ORGANIZATIONAL_UNIT)


@pytest.fixture
def api():
    with IotdaServer() as running:
        yield running


class Pumps:
    """A stack whose settings change from deployment to deployment."""

    def __init__(self, emulator, folder, endpoint):
        self.endpoint, self.folder = endpoint, folder
        self.template = {"template_name": "pumps"}
        self.product = "pump"
        self.proof = {}
        self.stack = stack_of(FLEET, emulator, folder, program=self.program)
        self.stack.set_config("huaweicloud:accessKey", ConfigValue(ACCESS_KEY))
        self.stack.set_config("huaweicloud:secretKey", ConfigValue(SECRET_KEY, secret=True))

    def program(self):
        instance = {
            "project_id": PROJECT,
            "region": REGION,
            "endpoint": self.endpoint,
            "instance_id": INSTANCE,
        }
        device = Device(node_id=ref(CertificateField.COMMON_NAME), product_id=self.product)
        body = TemplateBody(device=device).document
        template = IotdaProvisioningTemplate("pumps", {"instance": instance, "body": body, **self.template})
        ca = {"instance": instance, "certificate": PEM, "template_id": template.template_id, **self.proof}
        factory = IotdaDeviceCa("factory", ca)
        pulumi.export("TemplateId", template.template_id)
        pulumi.export("VerifyCode", factory.verify_code)
        pulumi.export("Verified", factory.verified)

    def up(self):
        done = self.stack.up()
        return {name: output.value for name, output in done.outputs.items()}, changes(
            done.summary.resource_changes
        )


@pytest.fixture
def pumps(emulator, tmp_path, api):
    return Pumps(emulator, tmp_path, api.url)


def test_a_template_is_created_bound_changed_renamed_unbound_and_deleted(api, pumps):
    api.faults = [Fault("POST", TEMPLATES, carried_out=True), Fault("GET", TEMPLATES, 503)]
    first, done = pumps.up()
    assert done == {"create": 5}
    assert list(api.templates) == [first["TemplateId"]]
    assert first["Verified"] is False

    pumps.proof = {"verification_certificate": verification(KEY, PEM, first["VerifyCode"])}
    pumps.product = "valve"
    pumps.template = {"template_name": "pumps", "description": "second"}
    second, done = pumps.up()
    [ca] = api.authorities.values()
    assert done == {"update": 2}
    assert second["Verified"] is True
    assert (ca["template_id"], ca["provision_enable"]) == (first["TemplateId"], True)
    [template] = api.templates.values()
    assert template["description"] == "second"
    assert template["template_body"]["resources"]["device"]["product_id"] == "valve"

    pumps.template = {"template_name": "valves"}
    third, done = pumps.up()
    assert done == {"replace": 1, "update": 1}
    assert list(api.templates) == [third["TemplateId"]]
    assert ca["template_id"] == third["TemplateId"]

    # The engine keeps the stack's configuration in its state, secrets encrypted: here nothing is decrypted.
    states = [file.read_text() for file in pumps.folder.rglob("*.json")]
    assert any(third["TemplateId"] in state for state in states)
    assert not any(SECRET_KEY in state for state in states)
    pumps.stack.destroy()
    assert not api.templates
    assert not api.authorities
