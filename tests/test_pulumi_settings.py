"""The settings of every component are checked at its entrance, all problems at once."""

from pathlib import Path
from typing import NotRequired, get_args, get_origin

import pulumi
import pulumi_aws as aws
import pytest

from device_provisioning import pulumi as components
from device_provisioning.fleet.hook_settings import Reprovisioning
from device_provisioning.pulumi import CertificateSource, RemovalPolicy
from device_provisioning.pulumi.plugin import COMPONENTS
from device_provisioning.pulumi.setting_words import wanted
from device_provisioning.pulumi.settings import SettingsError, settings_of
from tests.support.pulumi_program import ran

CA = Path("examples/ca.pem").read_text()
FLEET = components.FleetProvisioningArgs


def problems(define, *, preview=False):
    """What a program's settings are refused for, by path."""
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        ran(define, preview=preview)
    return {problem["property_path"]: problem["reason"] for problem in refused.value.errors}


def of_fleet(**settings):
    """What a fleet refuses of settings."""
    return problems(
        lambda: components.FleetProvisioning("fleet", {"thing_name_prefix": "sensor-", **settings})
    )


def of_fleet_known_later(**settings):
    """What a fleet refuses of settings that are Outputs."""

    def program():
        later = {name: pulumi.Output.from_input(value) for name, value in settings.items()}
        components.FleetProvisioning("fleet", {"thing_name_prefix": "sensor-", **later})

    return problems(program)


def test_all_problems_are_told_together_and_nothing_is_deployed():
    found = of_fleet(enabeld=False, reprovisionning="2", enabled="false", tags=[{"Key": "a"}])
    assert found == {
        "enabeld": "is not a setting of FleetProvisioning: did you mean enabled?",
        "reprovisionning": "is not a setting of FleetProvisioning: did you mean reprovisioning?",
        "enabled": "is 'false', which is a string: give a boolean",
        "tags": "is a list: give an object of strings",
    }


def test_a_program_is_told_the_component_and_every_problem():
    with pytest.raises(pulumi.RunError) as refused:
        settings_of(FLEET, {"enabeld": False, "devices": [{}]}, "fleet")
    assert str(refused.value).splitlines() == [
        "settings of FleetProvisioning fleet are not accepted:",
        "enabeld is not a setting of FleetProvisioning: did you mean enabled?",
        "devices[0].serial_number is missing: ListedDevice needs it",
    ]


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.__name__)
def test_no_component_ignores_a_setting_that_it_does_not_have(component):
    found = problems(lambda: component("made", {"no_such_setting": 1}))
    assert found["no_such_setting"].startswith(f"is not a setting of {component.__name__}: ")


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.__name__)
def test_every_component_names_the_settings_that_it_needs_when_there_are_none(component):
    kind = component.__init__.__annotations__["args"]
    if kind.__required_keys__:
        found = problems(lambda: component("made", None))
        assert found == dict.fromkeys(kind.__required_keys__, f"is missing: {component.__name__} needs it")
    elif component is not components.PreProvisioningHook and component is not components.FleetProvisioning:
        ran(lambda: component("made", None))


def test_a_setting_of_another_component_is_refused_with_those_that_there_are():
    settings = {"ca_certificate_pem": CA, "thing_name_prefix": "pump-", "thing_groups": ["pumps"]}
    found = problems(lambda: components.JustInTimeRegistration("pumps", settings))
    assert found["thing_groups"].startswith("is not a setting of JustInTimeRegistration: it has active, ")


def test_the_name_that_cdk_has_leads_to_the_name_here():
    settings = {"ca_certificate_pem": CA, "thing_name_prefix": "pump-", "log_retention": 30}
    found = problems(lambda: components.JustInTimeRegistration("pumps", settings))
    assert found["log_retention"].endswith("did you mean log_retention_days?")


def test_what_is_none_is_left_out():
    names = [name for name in FLEET.__annotations__ if name != "thing_name_prefix"]
    without = ran(lambda: components.FleetProvisioning("fleet", {"thing_name_prefix": "s-"}))
    with_none = ran(
        lambda: components.FleetProvisioning("fleet", {"thing_name_prefix": "s-", **dict.fromkeys(names)})
    )
    assert with_none.resources == without.resources


def test_a_string_is_no_list():
    assert of_fleet(thing_groups="abc", certificate_sources="create-from-csr") == {
        "thing_groups": "is 'abc', which is a string: give a list of strings or objects",
        "certificate_sources": "is 'create-from-csr', which is a string: give a list of create or"
        " create-from-csr",
    }


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        (
            "certificate_sources",
            ["creat"],
            "[0] is 'creat', which is a string: give create or create-from-csr",
        ),
        ("payload_formats", ["xml"], "[0] is 'xml', which is a string: give json or cbor"),
        ("tags", {"site": 1}, ".site is 1, which is a whole number: give a string"),
        (
            "devices",
            [{"serial": "A"}],
            "[0].serial is not a setting of ListedDevice: did you mean serial_number?",
        ),
        (
            "devices",
            [{"serial_number": "A"}, "B"],
            "[1] is 'B', which is a string: give an object with the settings of",
        ),
        ("rotate_claim_automatically_after_days", True, " is True, which is a boolean: give a whole number"),
        ("thing_groups", ["a", 1], "[1] is 1, which is a whole number: give a string or an object"),
    ],
)
def test_a_value_inside_a_setting_is_named_by_its_path(setting, value, reason):
    found = [f"{path} {text}" for path, text in of_fleet(**{setting: value}).items()]
    assert any(each.startswith(f"{setting}{reason}") for each in found), found


@pytest.mark.parametrize(
    ("device", "path"),
    [({"serial_number": "a b"}, "serial_number"), ({"serial_number": "A", "expires_at": 0}, "expires_at")],
)
def test_a_device_that_the_list_does_not_take_is_named(device, path):
    devices = [{"serial_number": "first"}, device]
    for component in (components.DeviceAllowList, components.FleetProvisioning):
        prefix = {} if component is components.DeviceAllowList else {"thing_name_prefix": "s-"}
        found = problems(lambda made=component, given=prefix: made("made", {**given, "devices": devices}))
        assert list(found) == [f"devices[1].{path}"]


@pytest.mark.parametrize("policy", ["retain", "KEEP", "destroy", ""])
def test_a_removal_policy_that_is_none_is_refused(policy):
    found = problems(lambda: components.DeviceAllowList("devices", {"removal_policy": policy}))
    assert found == {"removal_policy": f"is {policy!r}, which is a string: give RETAIN or DESTROY"}


@pytest.mark.parametrize("policy", [None, "RETAIN", RemovalPolicy.RETAIN])
def test_a_table_is_retained_unless_it_is_to_be_destroyed(policy):
    program = ran(lambda: components.DeviceAllowList("devices", {"removal_policy": policy}))
    assert program.named("devices-table")["options"]["retainOnDelete"] is True
    program = ran(lambda: components.DeviceAllowList("devices", {"removal_policy": "DESTROY"}))
    assert "retainOnDelete" not in program.named("devices-table")["options"]


@pytest.mark.parametrize(
    ("component", "settings", "path"),
    [
        (
            components.CertificateAuthority,
            {"certificate_pem": CA, "certificate_mode": "sni"},
            "certificate_mode",
        ),
        (components.ProvisioningTemplate, {"body": {}, "template_type": "jitp"}, "template_type"),
        (
            components.PanoramaDevice,
            {"name": "a", "networking_configuration": {"ethernet0": {"connection_type": "WIFI"}}},
            "networking_configuration.ethernet0.connection_type",
        ),
    ],
)
def test_a_value_that_an_enum_does_not_have_is_refused_with_those_that_it_has(component, settings, path):
    assert " or " in problems(lambda: component("made", settings))[path]


def test_what_logs_are_not_kept_for_is_refused_with_what_they_are():
    table = {"device_allow_list": None, "log_retention_days": 45}

    def program():
        devices = components.DeviceAllowList("devices")
        components.PreProvisioningHook("hook", {**table, "device_allow_list": devices.table})

    with pytest.raises(ValueError, match="log_retention_days is 45: CloudWatch accepts 1, 3, 5"):
        ran(program, preview=True)


class TestResources:
    def test_a_component_is_refused_with_the_part_that_is_wanted(self):
        def program():
            devices = components.DeviceAllowList("devices")
            policy = components.DevicePolicy("policy")
            settings = {"device_allow_list": devices, "device_policy": policy, "hook": devices}
            components.FleetProvisioning("fleet", {"thing_name_prefix": "s-", **settings})

        assert problems(program) == {
            "device_allow_list": "is a DeviceAllowList: give its table, an aws.dynamodb.Table",
            "device_policy": "is a DevicePolicy: give its resource, an aws.iot.Policy",
            "hook": "is a DeviceAllowList: give an aws.lambda_.Function, made here or by"
            " aws.lambda_.Function.get",
        }

    def test_an_arn_or_an_output_in_the_place_of_a_resource_is_refused(self):
        def program():
            table = aws.dynamodb.Table.get("table", "table")
            settings = {"device_allow_list": pulumi.Output.from_input(table), "role": "arn:aws:iam::1:role/a"}
            components.FleetProvisioning("fleet", {"thing_name_prefix": "s-", **settings})

        found = problems(program)
        assert found["role"] == (
            "is 'arn:aws:iam::1:role/a', which is a string: give an aws.iam.Role, made here or by"
            " aws.iam.Role.get"
        )
        assert found["device_allow_list"].startswith("is an Output: give an aws.dynamodb.Table, made here")

    def test_a_component_of_another_language_is_named_by_its_type(self):
        urn = "urn:pulumi:dev::plant::device-provisioning:index:DeviceAllowList::devices"
        assert of_fleet(device_allow_list=urn)["device_allow_list"].startswith("is a DeviceAllowList: give")


class TestKnownLater:
    def test_an_output_where_the_program_decides_is_refused(self):
        assert of_fleet_known_later(reprovisioning="2", devices=[]) == {
            "reprovisioning": "is an Output: give NEVER or ALLOW or a whole number or a string, known before"
            " anything is deployed",
            "devices": "is an Output: give a list of objects, known before anything is deployed",
        }

    @pytest.mark.parametrize("setting", [{"tags": {"site": 1}}, {"enabled": "no"}, {"thing_groups": "abc"}])
    def test_a_wrong_value_is_refused_as_soon_as_it_is_known(self, setting):
        assert [path.partition(".")[0] for path in of_fleet_known_later(**setting)] == list(setting)

    def test_what_is_not_known_in_a_preview_is_no_problem(self):
        def program():
            role = aws.iam.Role("role", assume_role_policy="{}")
            settings = {"thing_name_prefix": "s-", "tags": {"role": role.arn}, "description": role.arn}
            components.FleetProvisioning("fleet", settings)

        assert ran(program, preview=True).all("ProvisioningTemplate")


class TestOtherLanguages:
    def test_names_are_spelled_as_the_language_spells_them(self):
        with pytest.raises(SettingsError) as refused:
            settings_of(
                FLEET, {"thing_name_prefix": "s-"}, "fleet", spelled=lambda name: name.replace("_", "")
            )
        assert "did you mean thingnameprefix?" in str(refused.value)

    def test_whole_numbers_arrive_as_floats_and_enums_as_strings(self):
        given = {
            "reprovisioning": 2.0,
            "certificate_sources": ["create"],
            "devices": [{"serial_number": "A", "expires_at": 7.0}],
        }
        settings = settings_of(FLEET, given, "fleet")
        assert settings["reprovisioning"] == 2
        assert isinstance(settings["reprovisioning"], int)
        assert settings["certificate_sources"] == [CertificateSource.CREATE]
        assert isinstance(settings["devices"][0]["expires_at"], int)

    def test_a_word_of_an_enum_next_to_numbers_is_its_member(self):
        settings = settings_of(FLEET, {"reprovisioning": "ALLOW"}, "fleet")
        assert settings["reprovisioning"] is Reprovisioning.ALLOW


def test_every_annotation_of_every_component_has_words():
    for component in COMPONENTS:
        for annotation in component.__init__.__annotations__["args"].__annotations__.values():
            optional = get_origin(annotation) is NotRequired
            assert wanted(get_args(annotation)[0] if optional else annotation, object())
