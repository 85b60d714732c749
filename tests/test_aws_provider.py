"""The stand-in for Pulumi's AWS provider: what it refuses, what it leaves unknown, what it replaces."""

import json

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from pulumi_processes import plain, serving, struct

from device_provisioning.local.aws_provider.values import SIGNATURE, UNKNOWN, comparable
from device_provisioning.local.pulumi_engine import PLUGINS, engine_problem, pulumi_environment

POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})


def urn(kind, name="sensor"):
    return f"urn:pulumi:dev::plant::{kind}::{name}"


IOT_POLICY = urn("aws:iot/policy:Policy")


@pytest.fixture(scope="module")
def provider(emulator, tmp_path_factory):
    environment = pulumi_environment(emulator, tmp_path_factory.mktemp("pulumi"))
    with (
        serving([PLUGINS / "pulumi-resource-aws"], environment) as address,
        grpc.insecure_channel(address) as channel,
    ):
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        stub.Configure(provider_pb2.ConfigureRequest(variables={"aws:config:region": "eu-west-1"}))
        yield stub


def checked(provider, inputs, olds=None, seed=b"seed", of=IOT_POLICY):
    request = provider_pb2.CheckRequest(urn=of, news=struct(inputs), olds=struct(olds or {}), randomSeed=seed)
    answer = provider.Check(request)
    return plain(answer.inputs), {failure.property for failure in answer.failures}


def test_inputs_that_it_does_not_know_or_misses_are_refused(provider):
    assert checked(provider, {"tags": {}})[1] == {"tags", "policy"}


def test_types_functions_and_settings_that_it_does_not_know_are_refused(provider):
    with pytest.raises(grpc.RpcError, match="does not know the resource type aws:sqs/queue:Queue"):
        checked(provider, {}, of=urn("aws:sqs/queue:Queue"))
    with pytest.raises(grpc.RpcError, match="does not know the function aws:s3/getBucket:getBucket"):
        provider.Invoke(provider_pb2.InvokeRequest(tok="aws:s3/getBucket:getBucket"))
    answer = provider.CheckConfig(provider_pb2.CheckRequest(news=struct({"assumeRoles": "[]"})))
    assert [failure.property for failure in answer.failures] == ["assumeRoles"]


def test_a_generated_name_is_the_same_in_preview_and_update_and_then_stays(provider):
    first, _ = checked(provider, {"policy": POLICY})
    assert first["name"].startswith("sensor-")
    assert checked(provider, {"policy": POLICY})[0] == first
    assert checked(provider, {"policy": POLICY}, seed=b"other")[0] != first
    assert checked(provider, {"policy": POLICY}, olds=first, seed=b"other")[0] == first


def test_a_preview_leaves_computed_outputs_unknown_and_creates_nothing(provider, emulator):
    inputs = {"name": "only-previewed", "policy": POLICY}
    request = provider_pb2.CreateRequest(urn=IOT_POLICY, properties=struct(inputs), preview=True)
    answer = provider.Create(request)
    assert plain(answer.properties)["arn"] == UNKNOWN
    assert "only-previewed" not in str(emulator.client("iot").list_policies())


def difference(provider, olds, news):
    answer = provider.Diff(
        provider_pb2.DiffRequest(urn=IOT_POLICY, old_inputs=struct(olds), news=struct(news))
    )
    return list(answer.diffs), list(answer.replaces)


def test_a_document_changes_in_place_and_a_name_does_not(provider):
    inputs = {"name": "sensor", "policy": POLICY}
    assert difference(provider, inputs, inputs) == ([], [])
    assert difference(provider, inputs, {**inputs, "policy": "{}"}) == (["policy"], [])
    assert difference(provider, inputs, {**inputs, "name": "pump"}) == (["name"], ["name"])


def test_what_is_gone_is_read_as_gone_and_deleted_without_an_error(provider):
    state = struct({"name": "gone", "policy": POLICY})
    assert provider.Read(provider_pb2.ReadRequest(id="gone", urn=IOT_POLICY, properties=state)).id == ""
    provider.Delete(provider_pb2.DeleteRequest(id="gone", urn=IOT_POLICY, properties=state))


def test_a_file_that_lies_elsewhere_is_the_same_file():
    here, there = ({SIGNATURE: "asset", "hash": "1", "path": path} for path in ("/a", "/b"))
    assert comparable({"code": {"handler.py": here}}) == comparable({"code": {"handler.py": there}})


def test_a_missing_engine_is_told_with_what_to_do(monkeypatch):
    monkeypatch.setattr("device_provisioning.local.pulumi_engine.shutil.which", lambda *_, **__: None)
    assert engine_problem() == "there is no pulumi on the PATH: install it, or let make engine build it"
