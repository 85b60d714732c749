"""The components as a plugin for every language that Pulumi has."""

import json
import shutil
import subprocess
import sys

import grpc
import pytest
import yaml
from google.protobuf import empty_pb2
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from pulumi_processes import serving

from device_provisioning import __version__, pulumi
from device_provisioning.pulumi.plugin import COMPONENTS, PACKAGE

# Pulumi's own analysis leaves pulumi-aws's pulumi-plugin.json open.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*pulumi-plugin.json:ResourceWarning")

PLUGIN = "pulumi-resource-device-provisioning"


@pytest.fixture(scope="module")
def schema():
    return json.loads(ComponentProvider(list(COMPONENTS), PACKAGE, version=__version__).schema)


def test_the_schema_holds_every_component(schema):
    components = {name for name in pulumi.__all__ if f"{name}Args" in pulumi.__all__}
    assert {token.rpartition(":")[2] for token in schema["resources"]} == components


def test_every_setting_and_every_output_says_what_it_is(schema):
    for token, resource in [*schema["resources"].items(), *schema["types"].items()]:
        assert resource["description"], token
        for part in ("inputProperties", "properties"):
            for name, described in resource.get(part, {}).items():
                assert described["description"], f"{token}.{name}"


def test_the_schema_matches_the_snapshot(schema, snapshot):
    assert schema == snapshot


def test_the_installed_plugin_serves_the_same_schema(schema):
    path = shutil.which(PLUGIN, path=f"{sys.prefix}/bin")
    assert path, f"{PLUGIN} is no console script"
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
