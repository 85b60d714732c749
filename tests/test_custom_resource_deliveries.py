"""Every custom resource, whatever CloudFormation and Lambda do with its events.

Events are delivered twice, at once, and in another order; the function ends halfway, at each of its calls,
and is asked again or told to delete what it never answered for; a create that failed is deleted. The end is
always that of the same events delivered once and carried out whole. How CloudFormation calls a resource that
it got no answer for is not documented: ``INVENTED`` has the form of the names that it gives.
"""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.assertions import Template

from device_provisioning import cdk
from device_provisioning.cdk import (
    DevicePolicy,
    FleetProvisioning,
    IotdaDeviceCa,
    IotdaInstance,
    IotdaProvisioningTemplate,
    JustInTimeProvisioning,
    ListedDevice,
    PanoramaDevice,
    QuarantineGroup,
)
from device_provisioning.fleet.caretaker_rights import ACTS_WITH
from device_provisioning.fleet.custom_resources import CUSTOM_RESOURCES
from device_provisioning.iotda import CertificateField, Device, TemplateBody, ref
from device_provisioning.lambdas.custom_resources import panorama_api, panorama_provisioning
from device_provisioning.lambdas.custom_resources.caretaker import CARE
from tests.support.custom_resource_kinds import KINDS
from tests.support.custom_resources import answers_server
from tests.support.ended_functions import each_end
from tests.support.iotda_authorities import authority
from tests.support.synthesis import IRELAND

CARED_FOR = [each.resource_type for each in CUSTOM_RESOURCES]
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:huawei-AbCdEf"
INVENTED = "Stack-Resource-1ABCDEFGHIJKL"
NO_OWNER = (
    "IoTDA has neither tags nor tokens that would say whose it is; the next create of the same takes it over"
)
NEVER_ALONE = "CloudFormation gives the secret its name, and never replaces it alone"
ASKS_NOBODY = "its create asks nobody for anything, so none can fail"
OUT_OF_REACH = "the function may reach the one table of its stack, and after the roll-back that is the first"
ONE_TOKEN = "unlike AWS the emulator lets a token store two values: test_custom_resource_claim_certificate.py"
BY_AGE = "a late event can't be told from a new one: Lambda drops it by its age, as a test below shows"
EXCEPTIONS = {
    ("impossible", "Custom::ProvisionedCertificates"): ASKS_NOBODY,
    ("at once", "Custom::ClaimCertificate"): ONE_TOKEN,
    ("late", "Custom::IotdaDeviceCa"): BY_AGE,
    ("late", "Custom::IotdaProvisioningTemplate"): BY_AGE,
    ("late", "Custom::ListedDevices"): BY_AGE,
    ("late", "Custom::PanoramaDevice"): BY_AGE,
    ("ended halfway, deleted", "Custom::IotdaDeviceCa"): NO_OWNER,
    ("ended halfway, deleted", "Custom::IotdaProvisioningTemplate"): NO_OWNER,
    ("replacement ended halfway, rolled back", "Custom::ClaimCertificate"): NEVER_ALONE,
    ("replacement ended halfway, rolled back", "Custom::IotdaDeviceCa"): NO_OWNER,
    ("replacement ended halfway, rolled back", "Custom::IotdaProvisioningTemplate"): NO_OWNER,
    ("replacement ended halfway, rolled back", "Custom::ListedDevices"): OUT_OF_REACH,
}


@pytest.fixture(scope="module")
def world(emulator):
    with answers_server() as answers, pytest.MonkeyPatch.context() as environment:
        for name, value in emulator.environment().items():
            environment.setenv(name, value)
        environment.setattr(panorama_api, "_pause", lambda attempt, details: 0.01)

        @contextmanager
        def resource(resource_type):
            kind = KINDS[resource_type](emulator, answers)
            yield kind
            kind.close()

        yield resource


def create(kind, **more):
    return succeeded(kind.send("Create", kind.first, **more))["PhysicalResourceId"]


def update(kind, properties, before, physical_id, **more):
    more = {"PhysicalResourceId": physical_id, "OldResourceProperties": before, **more}
    return succeeded(kind.send("Update", properties, **more))["PhysicalResourceId"]


def delete(kind, properties, physical_id, **more):
    succeeded(kind.send("Delete", properties, PhysicalResourceId=physical_id, **more))
    kind.rest_goes(properties)


def succeeded(answer):
    assert answer["Status"] == "SUCCESS", answer
    return answer


def created(kind):
    create(kind)


def created_and_changed(kind):
    made = create(kind)
    update(kind, kind.changed, kind.first, made)


def created_and_deleted(kind):
    delete(kind, kind.first, create(kind))


def created_and_replaced(kind):
    update(kind, kind.replaced, kind.first, create(kind))


def deleted_and_another_created(kind):
    created_and_deleted(kind)
    succeeded(kind.send("Create", kind.replaced))


def created_and_another_deleted(kind):
    create(kind)
    delete(kind, kind.replaced, INVENTED)


def created_and_another_gone(kind):
    create(kind)
    kind.rest_goes(kind.replaced)


@pytest.fixture(scope="module")
def undisturbed(world):
    """What is left in the end when every event is delivered once and carried out whole."""

    @cache
    def left(resource_type, story):
        with world(resource_type) as kind:
            story(kind)
            return kind.left()

    return left


def each_kind(delivery):
    """A test for every resource, but those of which it can't be true, with the reason."""
    skipped = {kind: reason for (name, kind), reason in EXCEPTIONS.items() if name == delivery}
    assert skipped.keys() <= KINDS.keys()
    return pytest.mark.parametrize("resource_type", sorted(KINDS.keys() - skipped.keys()))


def test_every_custom_resource_of_the_package_is_among_them():
    sources = Path(cdk.__file__).parent.glob("*.py")
    declared = {name for source in sources for name in re.findall(r'"(Custom::\w+)"', source.read_text())}
    assert declared | set(CARED_FOR) == KINDS.keys()


def test_twenty_custom_resources_at_once_are_each_what_they_are_alone(emulator, undisturbed):
    # What a claim makes is told from the rest by when it was made: one of them, and that last.
    several = [one for one in CARED_FOR if one != "Custom::ClaimCertificate"]
    resource_types = [*(several * 4)[:19], "Custom::ClaimCertificate"]
    wanted = [undisturbed(resource_type, created_and_changed) for resource_type in resource_types]
    with ExitStack() as stack, ThreadPoolExecutor(20) as pool:
        kinds = []
        for resource_type in resource_types:
            # Each is of a stack of its own, and has a place of its own for answers.
            kinds.append(KINDS[resource_type](emulator, stack.enter_context(answers_server())))
            stack.callback(kinds[-1].close)
        list(pool.map(created_and_changed, kinds))
        assert [kind.left() for kind in kinds] == wanted


def every_resource(stack):
    policy = DevicePolicy(stack, "Policy", revoke_certificates_on_removal=True)
    fleet = FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-", device_policy=policy)
    fleet.device_allow_list.add_devices([ListedDevice(serial_number="A")])
    QuarantineGroup(stack, "Quarantine")
    PanoramaDevice(stack, "Camera", name="line-4")
    certificate = authority("Factory")[1]
    JustInTimeProvisioning(stack, "Valves", ca_certificate_pem=certificate, body_inside_ca=True)
    secret = secretsmanager.Secret.from_secret_complete_arn(stack, "Credentials", SECRET_ARN)
    instance = IotdaInstance(stack, "Iotda", project_id="p", region="cn-north-4", credentials=secret)
    device = Device(node_id=ref(CertificateField.COMMON_NAME), product_id="pump")
    template = IotdaProvisioningTemplate(stack, "Pumps", instance=instance, body=TemplateBody(device=device))
    IotdaDeviceCa(stack, "Ca", instance=instance, certificate=certificate, template=template)


def waits_for(resource, template):
    """What a custom resource waits for, itself or by the role that the caretaker acts with for it."""
    roles = template.find_resources("AWS::IAM::Role")
    acts_with = resource["Properties"].get(ACTS_WITH, {"Fn::GetAtt": [None]})["Fn::GetAtt"][0]
    return [*resource.get("DependsOn", []), *roles.get(acts_with, {}).get("DependsOn", [])]


def test_no_event_is_begun_that_could_end_when_cloudformation_waits_for_it_no_more():
    # One that was late would undo what newer ones did: no event tells its place in their order.
    stack = Stack(App(context={"aws:cdk:bundling-stacks": []}), "Stack", env=IRELAND)
    every_resource(stack)
    template = Template.from_stack(stack)
    configurations = template.find_resources("AWS::Lambda::EventInvokeConfig")
    by_function = {c["Properties"]["FunctionName"]["Ref"]: name for name, c in configurations.items()}
    for resource_type in KINDS:
        resources = template.find_resources(resource_type)
        assert resources, f"every_resource defines no {resource_type}"
        for resource in resources.values():
            function = resource["Properties"]["ServiceToken"]["Fn::GetAtt"][0]
            oldest = configurations[by_function[function]]["Properties"]["MaximumEventAgeInSeconds"]
            longest = template.to_json()["Resources"][function]["Properties"]["Timeout"]
            if resource_type in CARE:
                longest = min(longest, CARE[resource_type].most_seconds)
            assert oldest + longest <= int(resource["Properties"]["ServiceTimeout"])
            assert by_function[function] in waits_for(resource, template)


@each_kind("twice")
def test_each_event_that_is_delivered_twice_is_carried_out_once(world, undisturbed, resource_type):
    with world(resource_type) as kind:
        request = {"request_id": str(uuid.uuid4())}
        made = create(kind, **request)
        assert create(kind, **request) == made
        assert kind.left() == undisturbed(resource_type, created)
        changed, request = kind.changed, {"request_id": str(uuid.uuid4())}
        for _ in range(2):
            assert update(kind, changed, kind.first, made, **request) == made
        assert kind.left() == undisturbed(resource_type, created_and_changed)
        for _ in range(2):
            delete(kind, changed, made)
        assert kind.left() == undisturbed(resource_type, created_and_deleted)


@each_kind("at once")
def test_a_create_that_is_delivered_three_times_at_once_makes_one(world, undisturbed, resource_type):
    with world(resource_type) as kind, ThreadPoolExecutor(3) as pool:
        request = {"request_id": str(uuid.uuid4())}
        made = set(pool.map(lambda _: create(kind, **request), range(3)))
        assert len(made) == 1
        assert kind.left() == undisturbed(resource_type, created)


@each_kind("replaced")
def test_a_delete_of_what_was_replaced_leaves_what_replaced_it(world, undisturbed, resource_type):
    with world(resource_type) as kind:
        old = create(kind)
        new = update(kind, kind.replaced, kind.first, old)
        assert new != old
        for _ in range(2):
            delete(kind, kind.first, old)
        assert kind.left() == undisturbed(resource_type, deleted_and_another_created)


@each_kind("replacement rolled back")
@pytest.mark.parametrize("is_updated_back", [True, False])
def test_a_replacement_that_is_rolled_back_leaves_the_first(
    world, undisturbed, resource_type, is_updated_back
):
    with world(resource_type) as kind:
        old = create(kind)
        new = update(kind, kind.replaced, kind.first, old)
        if is_updated_back:
            assert update(kind, kind.first, kind.replaced, new) == old
        delete(kind, kind.replaced, new)
        assert kind.left() == undisturbed(resource_type, created_and_another_deleted)


@each_kind("late")
def test_a_create_that_is_delivered_again_after_the_delete_makes_nothing(world, undisturbed, resource_type):
    with world(resource_type) as kind:
        request = {"request_id": str(uuid.uuid4())}
        delete(kind, kind.first, create(kind, **request))
        kind.send("Create", kind.first, **request)
        assert kind.left() == undisturbed(resource_type, created_and_deleted)


@each_kind("impossible")
def test_a_create_that_fails_leaves_nothing_and_can_be_deleted(world, resource_type):
    with world(resource_type) as kind:
        before = kind.left()
        answer = kind.send("Create", kind.impossible)
        assert answer["Status"] == "FAILED"
        assert kind.left() == before
        delete(kind, kind.impossible, answer["PhysicalResourceId"])
        assert kind.left() == before


@each_kind("never made")
@pytest.mark.parametrize("physical_id", [INVENTED, "failed-5b208196-24cc-4cd9-b342-caff53c78868"])
def test_a_delete_of_what_was_never_made_takes_nothing_of_anybody_else(
    world, undisturbed, resource_type, physical_id
):
    with world(resource_type) as kind:
        delete(kind, kind.first, physical_id)
        assert kind.left() == undisturbed(resource_type, created_and_deleted)


def each_ended(world, resource_type, monkeypatch, event):
    """A resource in a world of its own for each call that an event may end before; then it comes again."""

    @contextmanager
    def a_world():
        with world(resource_type) as kind:
            yield kind, event(kind)

    for kind in each_end(monkeypatch, a_world):
        with monkeypatch.context() as patch:
            # An event comes again when the time limit of the delivery that ended is over.
            patch.setattr(panorama_provisioning, "LONGEST_DELIVERY_SECONDS", 0.0)
            yield kind


@each_kind("ended halfway, again")
def test_a_create_that_ended_at_any_of_its_calls_is_completed_by_the_next_delivery(
    world, undisturbed, resource_type, monkeypatch
):
    request = {"request_id": str(uuid.uuid4())}
    for kind in each_ended(world, resource_type, monkeypatch, lambda kind: lambda: create(kind, **request)):
        create(kind, **request)
        assert kind.left() == undisturbed(resource_type, created)


@each_kind("ended halfway, deleted")
def test_a_create_that_ended_at_any_of_its_calls_leaves_nothing_once_it_is_deleted(
    world, undisturbed, resource_type, monkeypatch
):
    for kind in each_ended(world, resource_type, monkeypatch, lambda kind: lambda: create(kind)):
        delete(kind, kind.first, INVENTED)
        assert kind.left() == undisturbed(resource_type, created_and_deleted)


@each_kind("update ended halfway, again")
@pytest.mark.parametrize("is_replaced", [False, True])
def test_an_update_that_ended_at_any_of_its_calls_is_completed_by_the_next_delivery(
    world, undisturbed, resource_type, monkeypatch, is_replaced
):
    request = {"request_id": str(uuid.uuid4())}

    def an_update(kind):
        kind.made = create(kind)
        kind.wanted = kind.replaced if is_replaced else kind.changed
        return lambda: update(kind, kind.wanted, kind.first, kind.made, **request)

    for kind in each_ended(world, resource_type, monkeypatch, an_update):
        update(kind, kind.wanted, kind.first, kind.made, **request)
        story = created_and_replaced if is_replaced else created_and_changed
        assert kind.left() == undisturbed(resource_type, story)


@each_kind("update ended halfway, rolled back")
def test_an_update_that_ended_at_any_of_its_calls_is_rolled_back(
    world, undisturbed, resource_type, monkeypatch
):
    def an_update(kind):
        kind.made, kind.wanted = create(kind), kind.changed
        return lambda: update(kind, kind.wanted, kind.first, kind.made)

    for kind in each_ended(world, resource_type, monkeypatch, an_update):
        assert update(kind, kind.first, kind.wanted, kind.made) == kind.made
        assert kind.left() == undisturbed(resource_type, created)


@each_kind("replacement ended halfway, rolled back")
def test_a_replacement_that_ended_at_any_of_its_calls_is_rolled_back(
    world, undisturbed, resource_type, monkeypatch
):
    def a_replacement(kind):
        kind.made = create(kind)
        return lambda: update(kind, kind.replaced, kind.first, kind.made)

    for kind in each_ended(world, resource_type, monkeypatch, a_replacement):
        # CloudFormation knows of no other resource than the first.
        assert update(kind, kind.first, kind.replaced, kind.made) == kind.made
        kind.rest_goes(kind.replaced)
        assert kind.left() == undisturbed(resource_type, created_and_another_gone)
