"""One caretaker a stack: what it costs, what it may do, and who waits for whom."""

import json
import re
from graphlib import TopologicalSorter

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template

from device_provisioning.cdk import (
    DeviceAllowList,
    DevicePolicy,
    FleetProvisioning,
    GreengrassCoreDevices,
    ListedDevice,
)
from device_provisioning.fleet.caretaker_rights import ACTS_WITH
from device_provisioning.fleet.functions import CARETAKER
from tests.support.synthesis import IRELAND, a_stack, synthesised

FUNCTION, ROLE = "AWS::Lambda::Function", "AWS::IAM::Role"
LONGEST_INLINE_POLICY = 10_240
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
MOST_RESOURCES = 500
LONGEST_NAME = "x" * 255
CARED_FOR = "The caretaker looks after "


def a_fleet(scope, name="Fleet", **settings):
    fleet = FleetProvisioning(scope, name, thing_name_prefix=f"{name.lower()}-", **settings)
    fleet.device_allow_list.add_devices([ListedDevice(serial_number="A")])
    return fleet


def fleets(number):
    return synthesised(lambda stack: [a_fleet(stack, f"Fleet{index}") for index in range(number)])


def resources(template):
    return template.to_json()["Resources"]


def rights(template):
    """The roles that the caretaker acts with, by logical id."""
    return {
        name: role
        for name, role in template.find_resources(ROLE).items()
        if role["Properties"]["Description"].startswith(CARED_FOR)
    }


def references(value):
    """Every resource that a value refers to."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case dict():
            for inner in value.values():
                yield from references(inner)
        case list():
            for inner in value:
                yield from references(inner)


def order(template):
    """The resources in an order in which they can be made; a circle has none and raises."""
    found = resources(template)
    waits_for = {
        name: {*resource.get("DependsOn", []), *references(resource)} & found.keys()
        for name, resource in found.items()
    }
    return list(TopologicalSorter(waits_for).static_order())


def test_the_first_fleet_of_a_stack_is_19_resources_and_each_further_one_15():
    numbers = [len(resources(fleets(number))) for number in (1, 2, 3)]
    assert numbers == [19, 34, 49]


@pytest.mark.parametrize(("number", "functions"), [(1, 2), (10, 11)])
def test_a_fleet_has_one_function_of_its_own_and_the_stack_one_for_all(number, functions):
    template = fleets(number)
    template.resource_count_is(FUNCTION, functions)
    template.resource_count_is("AWS::Logs::LogGroup", functions)
    assert len(template.find_resources(FUNCTION, {"Properties": {"Handler": CARETAKER.handler}})) == 1


def test_each_stack_has_a_caretaker_of_its_own():
    app = App()
    stacks = [Stack(app, name, env=IRELAND) for name in ("One", "Two")]
    for stack in stacks:
        a_fleet(stack)
    for stack in stacks:
        handler = {"Properties": {"Handler": CARETAKER.handler}}
        assert len(Template.from_stack(stack).find_resources(FUNCTION, handler)) == 1


def test_without_a_custom_resource_there_is_no_caretaker():
    template = synthesised(lambda stack: (DeviceAllowList(stack, "Devices"), DevicePolicy(stack, "Policy")))
    template.resource_count_is(FUNCTION, 0)


def test_the_caretaker_looks_after_a_fleet_with_one_role_whatever_is_in_it():
    template = synthesised(
        lambda stack: GreengrassCoreDevices(
            stack, "Cores", thing_name_prefix="gg-"
        ).device_allow_list.add_devices([ListedDevice(serial_number="A")])
    )
    ((name, role),) = rights(template).items()
    listed = "ClaimCertificate, DeclaredProvisioningTemplate, ListedDevices"
    assert role["Properties"]["Description"] == f"{CARED_FOR}{listed} with this role"
    for resource in resources(template).values():
        if resource["Type"].startswith("Custom::"):
            assert resource["Properties"][ACTS_WITH] == {"Fn::GetAtt": [name, "Arn"]}


def test_a_role_touches_what_its_own_component_has_and_nobody_elses():
    def define(stack):
        policy = DevicePolicy(stack, "Policy", revoke_certificates_on_removal=True)
        a_fleet(stack, "One", device_policy=policy)
        a_fleet(stack, "Two", device_policy=policy)

    template = synthesised(define)
    beginnings = {"OneCaretaker": "One", "TwoCaretaker": "Two", "PolicyCaretaker": "Policy"}
    found = rights(template)
    assert len(found) == len(beginnings)
    for name, role in found.items():
        (own,) = [own for beginning, own in beginnings.items() if name.startswith(beginning)]
        touched = {one for one in references(role["Properties"]["Policies"]) if not one.startswith("AWS::")}
        assert touched
        assert all(one.startswith(own) for one in touched)


def test_only_the_caretaker_of_the_stack_may_act_with_a_role():
    template = fleets(1)
    (caretaker,) = [name for name in template.find_resources(ROLE) if name.startswith("DeviceProvisioning")]
    (role,) = rights(template).values()
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": {"Fn::GetAtt": [caretaker, "Arn"]}}


def in_order(stack):
    one, two, three = (a_fleet(stack, name) for name in ("One", "Two", "Three"))
    three.node.add_dependency(two)
    two.node.add_dependency(one)


def sharing(stack):
    one = a_fleet(stack, "One")
    two = FleetProvisioning(
        stack,
        "Two",
        thing_name_prefix="two-",
        device_allow_list=one.device_allow_list,
        rotation_template_name="r",
    )
    one.node.add_dependency(DevicePolicy(stack, "Policy", revoke_certificates_on_removal=True))
    two.node.add_dependency(one.claim, one.template)


def around_a_resource(stack):
    one, two = a_fleet(stack, "One"), a_fleet(stack, "Two")
    between = kms.CfnKey(stack, "Between", description=one.claim.certificate_arn)
    two.node.add_dependency(between)


def on_its_own_list(stack):
    fleet = a_fleet(stack)
    fleet.template.node.add_dependency(fleet.device_allow_list)


@pytest.mark.parametrize("define", [in_order, sharing, around_a_resource, on_its_own_list])
def test_fleets_and_their_parts_may_depend_on_each_other(define):
    template = synthesised(define)
    made = order(template)
    assert len(made) == len(resources(template))
    for name, resource in resources(template).items():
        if resource["Type"].startswith("Custom::"):
            ((role, _),) = [resource["Properties"][ACTS_WITH]["Fn::GetAtt"]]
            assert made.index(role) < made.index(name)


def names_of_rights(define):
    return {re.sub("[0-9A-F]{8}$", "", name): name for name in rights(synthesised(define))}


def test_with_other_custom_resources_it_is_another_role_as_cloudformation_deletes_after_it_changed_roles():
    def without(stack):
        FleetProvisioning(stack, "One", thing_name_prefix="one-")
        a_fleet(stack, "Two")

    before = names_of_rights(lambda stack: (a_fleet(stack, "One"), a_fleet(stack, "Two")))
    after = names_of_rights(without)
    assert before.keys() == after.keys()
    changed = {name for name in before if before[name] != after[name]}
    assert len(changed) == 1
    assert changed.pop().startswith("One")


def test_with_other_settings_it_is_the_same_role():
    before = names_of_rights(a_fleet)
    after = names_of_rights(
        lambda stack: a_fleet(stack, enabled=False, description="Pumps", template_name="p")
    )
    assert before == after


def longest(value):
    """The text of a document with every name that CloudFormation makes as long as names can be."""
    match value:
        case {"Ref": _} | {"Fn::GetAtt": _}:
            return LONGEST_NAME
        case {"Fn::Join": [_, parts]}:
            return "".join(map(longest, parts))
        case dict():
            return {key: longest(inner) for key, inner in value.items()}
        case list():
            return [longest(inner) for inner in value]
    return value


def test_in_the_largest_stack_that_cloudformation_takes_no_role_has_more_than_iam_takes():
    stack, number = a_stack(), 0
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/" + "1" * 36)
    while (19 + 15 * number) <= MOST_RESOURCES:
        a_fleet(stack, f"Fleet{number}", encryption_key=key)
        number += 1
    template = Template.from_stack(stack)
    assert number == 33
    assert MOST_RESOURCES - 15 < len(resources(template)) <= MOST_RESOURCES
    template.resource_count_is(FUNCTION, number + 1)
    for role in template.find_resources(ROLE).values():
        policies = [policy["PolicyDocument"] for policy in role["Properties"]["Policies"]]
        texts = [json.dumps(longest(policy), separators=(",", ":")) for policy in policies]
        assert sum(map(len, texts)) <= LONGEST_INLINE_POLICY
    assert len(order(template)) == len(resources(template))
