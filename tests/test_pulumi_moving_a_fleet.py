"""A fleet that is moved, renamed with its stack or deployed twice: what devices know of it stays."""

import pulumi
import pytest

from device_provisioning.pulumi import FleetProvisioning
from tests.support.needing_engine import changes, needs_engine
from workshop.emulator import REGION, Emulator
from workshop.pulumi_engine import FLEET, pulumi_environment, stack_of

pytestmark = [pytest.mark.exhaustive, needs_engine, pytest.mark.timeout(900)]
REPLACING = {"create", "delete", "replace", "create-replacement", "delete-replaced"}


class Site(pulumi.ComponentResource):
    """What a fleet is moved into."""

    def __init__(self, name):
        super().__init__("plant:index:Site", name)


@pytest.fixture
def cloud():
    with Emulator() as running:
        yield running


def names(outputs):
    return {name: output.value for name, output in outputs.items()}


def exported(fleet):
    pulumi.export("TemplateName", fleet.template_name)
    pulumi.export("Table", fleet.device_allow_list_table_name)
    pulumi.export("Certificate", fleet.claim_certificate_arn)


def test_a_fleet_keeps_its_names_under_a_parent_and_in_a_stack_of_another_name(cloud, tmp_path):
    is_moved = False

    def program():
        options = pulumi.ResourceOptions()
        if is_moved:
            aliases = [pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]
            options = pulumi.ResourceOptions(parent=Site("plant"), aliases=aliases)
        exported(FleetProvisioning("pumps", {"thing_name_prefix": "pump-"}, options))

    stack = stack_of(FLEET, cloud, tmp_path, program=program)
    before = names(stack.up().outputs)

    is_moved = True
    moved = changes(stack.up().summary.resource_changes)
    # The component that it is moved into is new, and nothing else.
    assert {kind: n for kind, n in moved.items() if kind in REPLACING} == {"create": 1}
    assert names(stack.outputs()) == before

    stack.rename("plant-7")
    assert stack.preview(expect_no_changes=True)
    assert not REPLACING & changes(stack.up().summary.resource_changes).keys()
    assert names(stack.outputs()) == before
    stack.destroy()


def test_stacks_of_one_project_have_fleets_of_their_own(cloud, tmp_path):
    def program():
        exported(FleetProvisioning("pumps", {"thing_name_prefix": "pump-"}))

    first = stack_of(FLEET, cloud, tmp_path, program=program)
    one = names(first.up().outputs)
    options = pulumi.automation.LocalWorkspaceOptions(
        work_dir=str(tmp_path / "project"), env_vars=pulumi_environment(cloud, tmp_path)
    )
    second = pulumi.automation.create_stack(
        "second", project_name=first.workspace.project_settings().name, program=program, opts=options
    )
    second.set_config("aws:region", pulumi.automation.ConfigValue(REGION))
    other = names(second.up().outputs)
    assert not set(one.values()) & set(other.values())

    second.destroy()
    assert first.refresh().summary.resource_changes.keys() <= {"same"}
    assert names(first.outputs()) == one
    first.destroy()


def test_a_provider_of_another_region_takes_everything_there(cloud, tmp_path):
    def program():
        import pulumi_aws as aws

        provider = aws.Provider(
            "elsewhere", region="eu-central-1", skip_credentials_validation=True, skip_region_validation=True
        )
        options = pulumi.ResourceOptions(provider=provider)
        fleet = FleetProvisioning("pumps", {"thing_name_prefix": "pump-"}, options)
        exported(fleet)

    stack = stack_of(FLEET, cloud, tmp_path, program=program)
    found = names(stack.up().outputs)
    assert ":eu-central-1:" in found["Certificate"]
    regions = {
        resource["inputs"]["region"]
        for resource in stack.export_stack().deployment["resources"]
        if resource["type"].startswith("pulumi-python:dynamic") and "region" in resource.get("inputs", {})
    }
    assert regions == {"eu-central-1"}
    stack.destroy()
