"""Programs that Pulumi's own engine deploys to the emulator, from the first preview to the last destroy."""

import json

import pulumi
import pytest

from device_provisioning.pulumi import FleetProvisioning
from tests.support.fleets import DeployedFleet
from tests.support.needing_engine import changes, needs_engine
from workshop.demo.remnants import remnants
from workshop.device import Rejected
from workshop.emulator import Emulator
from workshop.pulumi_engine import FLEET, stack_of

CLIENTS = {
    "claimClientIdPatterns": "claim-*, mqtt5-sample-*",
    "certificateSources": "create, create-from-csr",
}
pytestmark = [needs_engine, pytest.mark.timeout(900)]


@pytest.fixture
def cloud():
    """An emulator of its own: in the end nothing may be left."""
    with Emulator() as running:
        yield running


def test_the_ready_program_lives_from_its_preview_to_its_end(cloud, tmp_path):
    stack = stack_of(FLEET, cloud, tmp_path, settings={"disposable": "true", **CLIENTS})
    planned = changes(stack.preview().change_summary)
    done = stack.up()
    assert changes(done.summary.resource_changes) == planned
    assert stack.preview(expect_no_changes=True)

    outputs = {name: o.value for name, o in done.outputs.items()}
    assert outputs["ClaimClientIdPatterns"] == "claim-*, mqtt5-sample-*"
    assert outputs["EndpointCommand"].endswith(
        " --endpoint-type iot:Data-ATS --output text --region eu-west-1"
    )
    fleet = DeployedFleet.from_outputs(cloud, outputs)
    assert fleet.claim_client_ids() == ["claim-*", "mqtt5-sample-*"]
    device = fleet.provision(fleet.a_serial_number(), own_key=True, client_id="mqtt5-sample-1")
    assert fleet.certificate_status(device.certificate_id) == "ACTIVE"
    with pytest.raises(Rejected):
        fleet.provision("UNLISTED")

    state = json.dumps(stack.export_stack().deployment)
    assert "sensors-claim-secret" in state
    assert "PRIVATE KEY" not in state
    assert fleet.claim.private_key.splitlines()[1] not in state

    stack.set_config("enabled", pulumi.automation.ConfigValue("false"))
    assert changes(stack.up().summary.resource_changes) == {"update": 1}
    with pytest.raises(Rejected):
        fleet.provision(fleet.a_serial_number())
    stack.set_config("enabled", pulumi.automation.ConfigValue("true"))
    assert changes(stack.up().summary.resource_changes) == {"update": 1}
    assert fleet.provision(fleet.a_serial_number()).thing_name

    cloud.client("iot").update_provisioning_template(templateName=fleet.template_name, enabled=False)
    assert changes(stack.refresh().summary.resource_changes) == {"update": 1}
    assert changes(stack.up().summary.resource_changes) == {"update": 1}

    assert changes(stack.destroy().summary.resource_changes) == {"delete": sum(planned.values())}
    assert remnants(cloud, fleet.table_name) == []


@pytest.mark.exhaustive
def test_a_fleet_changes_in_place_and_a_new_name_replaces_nothing(cloud, tmp_path):
    iot = cloud.client("iot")
    settings = {"thing_name_prefix": "pump-"}
    name, options = "pumps", pulumi.ResourceOptions()

    def program():
        fleet = FleetProvisioning(name, settings, options)
        pulumi.export("TemplateName", fleet.template_name)

    stack = stack_of(FLEET, cloud, tmp_path, program=program)
    template_name = stack.up().outputs["TemplateName"].value
    hook = iot.describe_provisioning_template(templateName=template_name)["preProvisioningHook"]

    settings["attributes"] = {"site": {"Ref": "Site"}}
    # The template, and the hook: only the list may give the site.
    assert changes(stack.up().summary.resource_changes) == {"update": 2}
    described = iot.describe_provisioning_template(templateName=template_name)
    assert "Site" in json.loads(described["templateBody"])["Parameters"]

    settings["reprovisioning"] = "2"
    assert changes(stack.up().summary.resource_changes) == {"update": 1}
    configuration = cloud.client("lambda").get_function_configuration(FunctionName=hook["targetArn"])
    assert configuration["Environment"]["Variables"]["REPROVISIONING"] == "2"

    name, options = "renamed", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="pumps")])
    renamed = changes(stack.up().summary.resource_changes)
    assert not {"create", "delete", "replace", "create-replacement"} & renamed.keys()
    assert stack.outputs()["TemplateName"].value == template_name
    assert stack.preview(expect_no_changes=True)

    stack.destroy()
    assert template_name not in json.dumps(iot.list_provisioning_templates()["templates"])
