"""The components as a plugin for every language that Pulumi has."""

import json
import re
import shutil
import subprocess
import sys

import grpc
import pytest
import yaml
from google.protobuf import empty_pb2
from pulumi import InputPropertiesError, RunError
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from device_provisioning import pulumi
from device_provisioning.pulumi import CertificateSource
from device_provisioning.pulumi.plugin import COMPONENTS, provider
from device_provisioning.version import __version__
from tests.support.pulumi_processes import serving
from tests.support.pulumi_program import ran
from tests.support.snapshot_text import as_yaml

# Pulumi's own analysis leaves pulumi-aws's pulumi-plugin.json open.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*pulumi-plugin.json:ResourceWarning")

PLUGIN = "pulumi-resource-device-provisioning"


@pytest.fixture(scope="module")
def plugin():
    return provider()


@pytest.fixture(scope="module")
def schema(plugin):
    return json.loads(plugin.schema)


def test_the_schema_holds_every_component(schema):
    components = {name for name in pulumi.__all__ if f"{name}Args" in pulumi.__all__}
    assert {token.rpartition(":")[2] for token in schema["resources"]} == components


def test_every_setting_and_every_output_says_what_it_is(schema):
    for token, resource in [*schema["resources"].items(), *schema["types"].items()]:
        assert resource["description"], token
        for part in ("inputProperties", "properties"):
            for name, described in resource.get(part, {}).items():
                assert described["description"], f"{token}.{name}"


def descriptions(value):
    """Every description in a part of the schema."""
    if isinstance(value, dict):
        if isinstance(value.get("description"), str):
            yield value["description"]
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from descriptions(inner)


def test_no_description_says_what_only_python_has(schema):
    settings = {
        setting
        for component in COMPONENTS
        for setting in component.__init__.__annotations__["args"].__annotations__
    }
    for description in descriptions({"types": schema["types"], "resources": schema["resources"]}):
        assert not re.search(
            r"Args:|Attributes:|Raises:|Example|ValueError|``|^    ", description, re.MULTILINE
        )
        assert not re.search(r"`(document|function|resource|table)` of a", description)
        words = set(re.findall(r"[a-z]+(?:_[a-z]+)+", description))
        assert not words & (settings - {"serial_number"}), description


def test_the_schema_has_enums_and_unions_where_settings_have_them(schema):
    fleet = schema["resources"]["device-provisioning:index:FleetProvisioning"]["inputProperties"]
    enum = "#/types/device-provisioning:index:"
    assert fleet["certificateSources"]["items"]["$ref"] == f"{enum}CertificateSource"
    assert fleet["payloadFormats"]["items"]["$ref"] == f"{enum}PayloadFormat"
    anything = {"$ref": "pulumi.json#/Any"}
    assert fleet["thingGroups"]["items"]["oneOf"] == [
        {"type": "string"},
        {"type": "object", "additionalProperties": anything},
    ]
    assert [each.get("type", each.get("$ref")) for each in fleet["reprovisioning"]["oneOf"]] == [
        f"{enum}Reprovisioning",
        "integer",
        "string",
    ]


def refused(call):
    """What other languages are told: a message, and what is wrong by path."""
    with pytest.raises(InputPropertiesError) as reported:
        call()
    assert not isinstance(reported.value, RunError)
    return reported.value.message, {each["property_path"]: each["reason"] for each in reported.value.errors}


def test_every_problem_is_reported_by_the_names_of_other_languages(plugin):
    inputs = {"thingNamePrefx": "s-", "enabled": "no", "devices": [{"serialNumer": "A"}], "tags": None}
    _, problems = refused(lambda: plugin.map_inputs(inputs, plugin._component_defs["FleetProvisioning"]))
    assert problems == {
        "thingNamePrefx": "is not a setting of FleetProvisioning: did you mean thingNamePrefix?",
        "enabled": "is 'no', which is a string: give a boolean",
        "devices[0].serialNumer": "is not a setting of ListedDevice: did you mean serialNumber?",
        "devices[0].serialNumber": "is missing: ListedDevice needs it",
    }


def test_enums_in_lists_arrive_as_what_they_are(plugin):
    inputs = {"certificateSources": ["create", "create-from-csr"]}
    settings = plugin.map_inputs(inputs, plugin._component_defs["FleetProvisioning"])
    assert settings == {"certificate_sources": list(CertificateSource)}


def test_what_a_component_refuses_is_reported_without_a_traceback(plugin):
    def construct(kind, inputs):
        return refused(
            lambda: ran(lambda: plugin.construct("made", f"device-provisioning:index:{kind}", inputs))
        )

    message, problems = construct("PreProvisioningHook", {})
    assert message.startswith("give exactly one of device_allow_list")
    assert problems == {}
    _, problems = construct("DeviceAllowList", {"devices": [{"serialNumber": "a b"}]})
    assert list(problems) == ["devices[0].serialNumber"]


def test_the_schema_matches_the_snapshot(schema, snapshot):
    assert as_yaml(schema) == snapshot


def test_the_installed_plugin_serves_the_same_schema(schema):
    path = shutil.which(PLUGIN, path=f"{sys.prefix}/bin")
    assert path, f"{PLUGIN} is not a console script"
    with serving([path]) as address, grpc.insecure_channel(address) as channel:
        provider = provider_pb2_grpc.ResourceProviderStub(channel)
        served = json.loads(provider.GetSchema(provider_pb2.GetSchemaRequest()).schema)
        assert provider.GetPluginInfo(empty_pb2.Empty()).version == __version__
    assert served == schema


def test_the_package_says_which_runtime_the_plugin_needs():
    from importlib.resources import files

    text = files("device_provisioning.pulumi").joinpath("PulumiPlugin.yaml").read_text()
    assert yaml.safe_load(text) == {"runtime": "python"}


def test_the_components_load_nothing_of_cdk():
    code = (
        "import sys, device_provisioning.pulumi;"
        "print([m for m in sys.modules if m.partition('.')[0] in ('aws_cdk', 'constructs', 'jsii')])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_component_class_says_its_settings_as_a_typed_dict():
    for component in COMPONENTS:
        assert component.__init__.__annotations__["args"].__name__ == f"{component.__name__}Args"
