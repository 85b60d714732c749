"""Fleet provisioning in one component, on Pulumi."""

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest
from own_roles import a_provisioning_role
from pulumi_program import ran

from device_provisioning.aws_iot import FleetTemplate, Parameter, Policy, Thing, ref
from device_provisioning.pulumi import (
    CertificateSource,
    DeviceAllowList,
    DevicePolicy,
    FleetProvisioning,
    PayloadFormat,
    PreProvisioningHook,
)

CERTIFICATE_ARN = "arn:aws:iot:eu-west-1:111122223333:cert/" + "c" * 64


def a_fleet(**settings):
    return FleetProvisioning("sensors", {"thing_name_prefix": "sensor-", **settings})


def with_everything():
    a_fleet(
        thing_type_name="Sensor",
        thing_groups=["sensors", ref("Site")],
        attributes={"site": ref("Site")},
        device_configuration={"broker": "mqtt-1"},
        serial_number_parameter="Serial",
        template_name="sensors",
        description="Sensors of plant 7",
        enabled=False,
        tags={"site": "plant7"},
        devices=[{"serial_number": "A-1"}],
        reprovisioning="ALLOW",
        encryption_key=aws.kms.Key.get("key", "arn:aws:kms:eu-west-1:111122223333:key/1"),
        certificate_sources=[CertificateSource.CREATE_FROM_CSR],
        payload_formats=[PayloadFormat.CBOR],
        claim_client_id_pattern="factory-*",
        alarm_actions=["arn:aws:sns:eu-west-1:111122223333:alarms"],
        silenced_rules={"DP019": "a device registers once"},
    )


def body_of(program):
    return program.named("sensors-template-template")["inputs"]["template_body"]


def test_one_call_defines_every_piece():
    program = ran(a_fleet)
    for kind, number in {
        "Permission": 1,
        "Table": 1,
        "Secret": 1,
        "Policy": 2,
        "PolicyAttachment": 1,
        "MetricAlarm": 3,
        "Function": 1,
    }.items():
        assert len(program.all(kind)) == number, kind


def test_every_child_is_named_after_the_component_and_is_below_it():
    program = ran(a_fleet)
    for urn, resource in program.resources.items():
        assert urn.rpartition("::")[2].startswith("sensors")
        assert resource["parent"] in {
            *program.resources,
            "urn:pulumi:dev::plant::pulumi:pulumi:Stack::plant-dev",
        }


def test_the_pieces_agree_on_names():
    program = ran(a_fleet)
    assert (
        body_of(program)["Resources"]["policy"]["Properties"]["PolicyName"] == "sensors-device-policy-policy"
    )
    template_name = program.named("sensors-template-template")["inputs"]["template_name"]
    claim_policy = program.named("sensors-claim-policy")["inputs"]
    assert f"provisioning-templates/{template_name}/provision" in json.dumps(claim_policy)


def test_parameters_that_the_settings_refer_to_are_declared():
    assert set(body_of(ran(with_everything))["Parameters"]) == {"Serial", "Site", "AWS::IoT::Certificate::Id"}


def test_an_empty_prefix_lets_the_role_touch_all_things_and_has_to_be_said():
    program = ran(lambda: a_fleet(thing_name_prefix=""))
    assert body_of(program)["Resources"]["thing"]["Properties"]["ThingName"] == {"Ref": "SerialNumber"}
    with pytest.raises(ValueError, match="neither thing_name_prefix nor body is given"):
        ran(lambda: FleetProvisioning("sensors", {}))


def own_body():
    return FleetTemplate(
        parameters={"SerialNumber": Parameter()},
        thing=Thing(thing_name=ref("SerialNumber")),
        policies=[Policy(policy_name="own")],
    ).document


def test_a_body_of_ones_own_is_deployed_as_it_is():
    assert body_of(ran(lambda: FleetProvisioning("sensors", {"body": own_body()}))) == own_body()


def test_a_body_that_is_known_later_is_deployed_as_well():
    program = ran(lambda: FleetProvisioning("sensors", {"body": pulumi.Output.from_input(own_body())}))
    assert body_of(program) == own_body()


def test_settings_of_a_thing_may_be_known_later():
    def define():
        group = pulumi.Output.from_input(["pumps"])
        a_fleet(thing_name_prefix=pulumi.Output.from_input("pump-"), thing_groups=group)

    thing = body_of(ran(define))["Resources"]["thing"]["Properties"]
    assert thing["ThingGroups"] == ["pumps"]
    assert thing["ThingName"]["Fn::Join"][1][0] == "pump-"


def test_a_body_and_settings_of_a_thing_contradict_each_other():
    with pytest.raises(ValueError, match="body and thing_name_prefix, thing_groups are given"):
        ran(lambda: a_fleet(body=own_body(), thing_groups=["sensors"]))


def test_every_piece_can_be_brought_along():
    def define():
        devices = DeviceAllowList("own-devices")
        a_fleet(
            role=a_provisioning_role("own-role"),
            hook=PreProvisioningHook("own-hook", {"device_allow_list": devices.table}).function,
            device_policy=DevicePolicy("own-policy").resource,
            claim_certificate_arn=CERTIFICATE_ARN,
        )

    program = ran(define)
    template = program.named("sensors-template-template")["inputs"]
    assert template["provisioning_role_arn"] == "arn:aws:iam::111122223333:role/own-role"
    assert body_of(program)["Resources"]["policy"]["Properties"]["PolicyName"] == "own-policy-policy"
    assert list(program.all("Table")) == ["own-devices-table"]
    assert list(program.all("Function")) == ["own-hook-allow-list-hook-function"]
    assert not program.all("Secret")


def test_an_allow_list_of_ones_own_is_what_the_hook_decides_by():
    program = ran(lambda: a_fleet(device_allow_list=DeviceAllowList("own-devices").table))
    variables = program.only("Function")["environment"]["variables"]
    assert variables["ALLOW_LIST_TABLE_NAME"] == "own-devices-table"
    assert list(program.all("Table")) == ["own-devices-table"]


def test_a_hook_and_an_allow_list_contradict_each_other():
    def define():
        table = DeviceAllowList("own-devices").table
        hook = PreProvisioningHook("own-hook", {"device_allow_list": table})
        a_fleet(hook=hook.function, device_allow_list=table)

    with pytest.raises(ValueError, match="device_allow_list would have no effect, because hook is given"):
        ran(define)


def test_a_hook_and_declared_devices_contradict_each_other():
    def define():
        hook = PreProvisioningHook("own-hook", {"device_allow_list": DeviceAllowList("own-devices").table})
        a_fleet(hook=hook.function, devices=[{"serial_number": "A-1"}])

    with pytest.raises(ValueError, match="devices would have no effect, because hook is given"):
        ran(define)


def test_a_declared_device_that_the_hook_would_never_let_through_is_refused():
    with pytest.raises(ValueError, match=r"device a\.b is listed, but the hook's serial_number_pattern"):
        ran(lambda: a_fleet(devices=[{"serial_number": "a.b"}]))


def test_options_of_the_component_reach_what_it_is_made_of():
    def define():
        provider = aws.Provider("frankfurt", region="eu-central-1")
        FleetProvisioning(
            "sensors",
            {"thing_name_prefix": "sensor-"},
            pulumi.ResourceOptions(protect=True, providers=[provider]),
        )

    program = ran(define)
    for name in ("sensors-claim-secret", "sensors-template-role", "sensors-hook-allow-list-hook-function"):
        options = program.named(name)["options"]
        assert options["protect"] is True
        assert "::frankfurt::" in options["provider"]
    calls = {provider for provider in program.call_providers if provider}
    assert calls
    assert all("::frankfurt::" in provider for provider in calls)


def test_an_alias_of_the_component_is_told_to_the_engine_which_finds_the_children_by_it():
    options = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="sensors")])
    program = ran(lambda: FleetProvisioning("pumps", {"thing_name_prefix": "pump-"}, options))
    assert program.named("pumps")["aliases"] == [{"spec": {"name": "sensors", "parentUrn": ""}}]


def test_the_readme_shows_the_quickstart():
    assert (
        f"```python\n{Path('examples/quickstart_pulumi.py').read_text()}```" in Path("README.md").read_text()
    )


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_defaults_match_the_snapshot(snapshot, preview):
    assert ran(a_fleet, preview=preview).snapshot() == snapshot


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_everything_set_matches_the_snapshot(snapshot, preview):
    assert ran(with_everything, preview=preview).snapshot() == snapshot
