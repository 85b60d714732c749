"""Fleet provisioning in one component, on Pulumi."""

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from device_provisioning.aws_iot import FleetTemplate, Parameter, Policy, Thing, ref
from device_provisioning.pulumi import (
    CertificateSource,
    DeviceAllowList,
    DevicePolicy,
    FleetProvisioning,
    PayloadFormat,
    PreProvisioningHook,
)
from tests.support.own_roles import a_provisioning_role
from tests.support.pulumi_program import ran

CSR = "-----BEGIN CERTIFICATE REQUEST-----\nMII\n-----END CERTIFICATE REQUEST-----"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1"
CERTIFICATE_ARN = "arn:aws:iot:eu-west-1:111122223333:cert/" + "c" * 64
MAC_ADDRESS = "[0-9A-F]{2}(:[0-9A-F]{2}){5}"


def a_fleet(**settings):
    return FleetProvisioning("sensors", {"thing_name_prefix": "sensor-", **settings})


def with_everything():
    a_fleet(
        thing_type_name="Sensor",
        thing_groups=["sensors", ref("Site")],
        attributes={"site": ref("Site")},
        device_configuration={"broker": "mqtt-1"},
        serial_number_parameter="Serial",
        serial_number_pattern=MAC_ADDRESS,
        template_name="sensors",
        description="Sensors of plant 7",
        enabled=False,
        tags={"site": "plant7"},
        devices=[{"serial_number": "AA:BB:CC:DD:EE:FF"}],
        reprovisioning="ALLOW",
        encryption_key=aws.kms.Key.get("key", "arn:aws:kms:eu-west-1:111122223333:key/1"),
        certificate_sources=[CertificateSource.CREATE_FROM_CSR],
        payload_formats=[PayloadFormat.CBOR],
        claim_client_id_patterns=["factory-*"],
        alarm_actions=["arn:aws:sns:eu-west-1:111122223333:alarms"],
        silenced_rules={"DP019": "a device registers once"},
    )


def body_of(program):
    return program.named("sensors-template-template")["inputs"]["template_body"]


@pytest.mark.parametrize(("settings", "stays"), [({}, True), ({"log_removal_policy": "DESTROY"}, False)])
def test_the_logs_of_hooks_stay_unless_they_are_to_be_destroyed(settings, stays):
    program = ran(lambda: a_fleet(rotation_template_name="rotation", **settings))
    kept = {
        name: program.named(name)["options"].get("retainOnDelete", False) for name in program.all("LogGroup")
    }
    assert kept == {
        "sensors-hook-allow-list-hook-log-group": stays,
        "sensors-rotation-hook-function-log-group": stays,
        "sensors-rotation-retirement-log-group": False,
    }


def test_one_call_defines_every_piece():
    program = ran(a_fleet)
    for kind, number in {
        "Permission": 1,
        "Table": 1,
        "Secret": 1,
        "Policy": 2,
        "PolicyAttachment": 1,
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


def test_every_piece_can_be_your_own():
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


def test_serial_numbers_of_another_form_are_a_setting_of_the_fleet():
    mac_address = {"serial_number": "AA:BB:CC:DD:EE:FF"}
    program = ran(lambda: a_fleet(serial_number_pattern=MAC_ADDRESS, devices=[mac_address]))
    variables = program.only("Function")["environment"]["variables"]
    assert variables["SERIAL_NUMBER_PATTERN"] == MAC_ADDRESS
    with pytest.raises(ValueError, match="device A-1 is listed, but the hook's serial_number_pattern"):
        ran(lambda: a_fleet(serial_number_pattern=MAC_ADDRESS, devices=[{"serial_number": "A-1"}]))


def test_a_serial_number_pattern_that_is_wrong_is_reported_whatever_is_listed():
    with pytest.raises(ValueError, match=r"serial_number_pattern '\[' is not a regular expression"):
        ran(lambda: a_fleet(serial_number_pattern="[", devices=[{"serial_number": "A-1"}]))


@pytest.mark.parametrize("own_hook", [False, True], ids=["the hook inside", "a hook of ones own"])
def test_serial_numbers_that_no_thing_can_be_named_after_are_refused_or_warned_of(own_hook, caplog):
    def define(pattern):
        if not own_hook:
            a_fleet(serial_number_pattern=pattern)
            return
        table = DeviceAllowList("own-devices").table
        hook = PreProvisioningHook("own-hook", {"device_allow_list": table, "serial_number_pattern": pattern})
        a_fleet(hook=hook.function)

    with pytest.raises(ValueError, match=r"DP049 .*every serial number that the hook lets through"):
        ran(lambda: define("[0-9]+/[0-9]+"))
    ran(lambda: define("[0-9]+(/[0-9]+)?"))
    assert "lets the serial number '0/0' through" in caplog.text
    caplog.clear()
    ran(lambda: define(MAC_ADDRESS))
    assert "DP049" not in caplog.text


def test_a_hook_and_a_serial_number_pattern_contradict_each_other():
    def define():
        hook = PreProvisioningHook("own-hook", {"device_allow_list": DeviceAllowList("own-devices").table})
        a_fleet(hook=hook.function, serial_number_pattern=MAC_ADDRESS)

    with pytest.raises(ValueError, match="serial_number_pattern would have no effect, because hook is given"):
        ran(define)


def test_a_hook_that_reads_another_parameter_than_devices_send_is_refused():
    def define():
        settings = {
            "device_allow_list": DeviceAllowList("own-devices").table,
            "serial_number_parameter": "Serial",
        }
        a_fleet(hook=PreProvisioningHook("own-hook", settings).function)

    with pytest.raises(ValueError, match="the hook reads Serial, which the body does not declare"):
        ran(define)


@pytest.mark.parametrize(
    "groups",
    [
        lambda: [ref("Site")],
        lambda: [pulumi.Output.from_input(ref("Site"))],
        lambda: pulumi.Output.from_input([ref("Site")]),
    ],
    ids=["known", "known later", "all known later"],
)
def test_what_groups_and_attributes_refer_to_comes_from_the_list_only(groups):
    def listed(**settings):
        program = ran(lambda: a_fleet(thing_groups=groups(), **settings))
        return program.only("Function")["environment"]["variables"]["LISTED_PARAMETERS"]

    assert listed() == ["Site"]
    assert listed(device_parameters=["Site"]) == []
    with pytest.raises(ValueError, match="device_parameters has Sit, which no resource"):
        listed(device_parameters=["Sit"])


def test_a_hook_that_lets_devices_choose_their_groups_is_refused_unless_they_may():
    def define(listed=(), **settings):
        table = DeviceAllowList("own-devices").table
        hook = PreProvisioningHook(
            "own-hook", {"device_allow_list": table, "listed_parameters": list(listed)}
        )
        a_fleet(hook=hook.function, thing_groups=[ref("Site")], **settings)

    ran(lambda: define(listed=["Site"]))
    ran(lambda: define(device_parameters=["Site"]))
    with pytest.raises(ValueError, match="the hook lets a device choose Site, which its thing is made of"):
        ran(define)


@pytest.mark.parametrize("is_known", [True, False])
def test_devices_that_replace_their_certificates_do_so_under_the_same_list(is_known):
    def define():
        name = "rotation" if is_known else pulumi.Output.from_input("rotation")
        fleet = a_fleet(rotation_template_name=name, encryption_key=aws.kms.Key.get("key", KEY_ARN))
        assert fleet.rotation is not None

    program = ran(define)
    for function in ("hook-function", "retirement"):
        inputs = program.named(f"sensors-rotation-{function}-function")["inputs"]
        assert inputs["environment"]["variables"] == {
            "ALLOW_LIST_TABLE_NAME": "sensors-device-allow-list-table",
            "THING_NAME_PREFIX": "sensor-",
        }
        role = program.named(f"sensors-rotation-{function}-role-permissions")["inputs"]
        assert KEY_ARN in json.dumps(role)
    policy = program.named("sensors-device-policy-policy")["inputs"]
    assert "provisioning-templates/rotation/provision" in json.dumps(policy)


def test_devices_replace_their_certificates_as_they_obtain_their_first():
    own = {"certificate_sources": ["create-from-csr"], "payload_formats": ["cbor"]}
    program = ran(lambda: a_fleet(rotation_template_name="rotation", **own))
    policy = json.dumps(program.named("sensors-device-policy-policy")["inputs"])
    assert "create-from-csr/cbor" in policy
    assert "create/json" not in policy


def test_a_policy_of_ones_own_serves_the_rotation_too():
    def define():
        policy = DevicePolicy("own", {"rotation_template_name": "rotation"}).resource
        a_fleet(device_policy=policy, rotation_template_name="rotation")

    body = ran(define).named("sensors-rotation-template-template")["inputs"]["template_body"]
    assert body["Resources"]["policy"]["Properties"]["PolicyName"] == "own-policy"


@pytest.mark.parametrize("own", ["body", "hook"])
def test_a_rotation_without_a_prefix_or_a_list_of_the_fleet_is_refused(own):
    def define():
        table = DeviceAllowList("own-devices").table
        hook = PreProvisioningHook("own-hook", {"device_allow_list": table}).function
        given = {"thing_name_prefix": "sensor-", "hook": hook} if own == "hook" else {"body": own_body()}
        FleetProvisioning("sensors", {"rotation_template_name": "rotation", **given})

    with pytest.raises(ValueError, match=f"rotation_template_name can't be combined with {own}: leave"):
        ran(define)


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


def test_defaults_match_the_snapshot(snapshot):
    assert ran(a_fleet).own_part(FleetProvisioning) == snapshot
    assert ran(a_fleet, preview=True).asked() == ran(a_fleet).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(FleetProvisioning) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()


@pytest.mark.parametrize(
    "own", [{"claim_certificate_arn": CERTIFICATE_ARN}, {"certificate_signing_request": CSR}]
)
def test_a_customer_key_is_of_the_table_alone_where_the_claim_is_yours(own):
    program = ran(lambda: a_fleet(encryption_key=aws.kms.Key.get("key", KEY_ARN), **own))
    assert KEY_ARN in str(program.only("Table"))
    assert not program.all("Secret")
