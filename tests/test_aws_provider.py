"""The stand-in for Pulumi's AWS provider: what it refuses, what it leaves unknown, what it replaces."""

import io
import json
import zipfile

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from tests.support.pulumi_processes import plain, serving, struct
from workshop.aws_provider.values import SIGNATURE, UNKNOWN, comparable
from workshop.pulumi_engine import PLUGINS, engine_problem, pulumi_environment

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
    assert checked(provider, {"labels": {}})[1] == {"labels", "policy"}


def test_types_functions_and_settings_that_it_does_not_know_are_refused(provider):
    with pytest.raises(grpc.RpcError, match="does not know the resource type aws:sns/topic:Topic"):
        checked(provider, {}, of=urn("aws:sns/topic:Topic"))
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


def test_what_exists_is_imported_by_its_id_alone(provider, emulator):
    iot = emulator.client("iot")
    iot.create_policy(policyName="by-hand", policyDocument=POLICY, tags=[{"Key": "team", "Value": "factory"}])
    found = provider.Read(provider_pb2.ReadRequest(id="by-hand", urn=IOT_POLICY))
    expected = {"name": "by-hand", "policy": POLICY, "tags": {"team": "factory"}}
    assert (found.id, plain(found.inputs)) == ("by-hand", expected)
    assert plain(found.properties)["arn"].endswith("policy/by-hand")
    rewritten = {**expected, "policy": json.dumps(json.loads(POLICY), indent=2)}
    assert difference(provider, plain(found.inputs), rewritten) == ([], [])
    iot.delete_policy(policyName="by-hand")


def test_what_does_not_exist_or_what_it_cannot_import_is_not_imported(provider):
    assert provider.Read(provider_pb2.ReadRequest(id="nowhere", urn=IOT_POLICY)).id == ""
    queue = urn("aws:sqs/queue:Queue")
    with pytest.raises(grpc.RpcError, match="can't import aws:sqs/queue:Queue"):
        provider.Read(provider_pb2.ReadRequest(id="queue", urn=queue))


def test_a_file_that_lies_elsewhere_is_the_same_file():
    here, there = ({SIGNATURE: "asset", "hash": "1", "path": path} for path in ("/a", "/b"))
    assert comparable({"code": {"handler.py": here}}) == comparable({"code": {"handler.py": there}})


def test_a_missing_engine_is_reported_with_what_to_do(monkeypatch):
    monkeypatch.setattr("workshop.pulumi_engine.shutil.which", lambda *_, **__: None)
    assert engine_problem() == "there is no pulumi on the PATH: install it, or let make engine build it"


class Resource:
    """A resource of the stand-in, from its creation on."""

    def __init__(self, provider, kind, inputs):
        self._provider, self._urn, self.inputs = provider, urn(kind, "handling"), inputs
        made = provider.Create(provider_pb2.CreateRequest(urn=self._urn, properties=struct(inputs)))
        self.id, self.state = made.id, plain(made.properties)

    def update(self, **changed):
        news = {**self.inputs, **changed}
        request = {"id": self.id, "urn": self._urn, "olds": struct(self.state), "news": struct(news)}
        self._provider.Update(provider_pb2.UpdateRequest(**request, old_inputs=struct(self.inputs)))
        self.inputs, self.state = news, {**self.state, **news}

    def read(self):
        """Its state by now; nothing if it is gone."""
        state, inputs = struct(self.state), struct(self.inputs)
        answer = self._provider.Read(
            provider_pb2.ReadRequest(id=self.id, urn=self._urn, properties=state, inputs=inputs)
        )
        return plain(answer.properties) if answer.id else None

    def delete(self):
        request = {"id": self.id, "urn": self._urn, "properties": struct(self.state)}
        self._provider.Delete(provider_pb2.DeleteRequest(**request))


def test_a_log_group_gets_its_tags_and_they_do_not_change_silently(provider, emulator):
    inputs = {"name": "tagged", "tags": {"team": "plant"}}
    group = Resource(provider, "aws:cloudwatch/logGroup:LogGroup", inputs)
    arn = group.state["arn"]
    assert emulator.client("logs").list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "plant"}
    with pytest.raises(grpc.RpcError, match="can't change tags"):
        group.update(tags={})
    group.delete()


FUNCTION_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:handling"
RULE = {
    "name": "handling",
    "enabled": True,
    "sql": "SELECT * FROM 'a'",
    "sqlVersion": "2016-03-23",
    "lambdas": [{"functionArn": FUNCTION_ARN}],
    "errorAction": {
        "sqs": {
            "queueUrl": "https://sqs.example/handling",
            "roleArn": "arn:aws:iam::111122223333:role/handling",
            "useBase64": False,
        }
    },
}


def test_a_topic_rule_is_created_changed_read_and_deleted(provider, emulator):
    rule, iot = Resource(provider, "aws:iot/topicRule:TopicRule", RULE), emulator.client("iot")
    found = iot.get_topic_rule(ruleName="handling")
    assert rule.state["arn"] == found["ruleArn"]
    assert found["rule"]["actions"] == [{"lambda": {"functionArn": FUNCTION_ARN}}]
    assert found["rule"]["errorAction"] == {"sqs": RULE["errorAction"]["sqs"]}
    rule.update(sql="SELECT * FROM 'b'")
    assert iot.get_topic_rule(ruleName="handling")["rule"]["sql"] == "SELECT * FROM 'b'"
    iot.disable_topic_rule(ruleName="handling")
    assert rule.read()["enabled"] is False
    rule.delete()
    assert rule.read() is None
    rule.delete()


def test_an_action_that_it_does_not_perform_is_refused(provider):
    unfit = {**RULE, "name": "unfit", "errorAction": {"sns": {"targetArn": "arn", "roleArn": "arn"}}}
    with pytest.raises(grpc.RpcError, match="does not know error actions"):
        Resource(provider, "aws:iot/topicRule:TopicRule", unfit)


def test_a_queue_and_its_policy_are_created_changed_read_and_deleted(provider, emulator):
    sqs = emulator.client("sqs")
    settings = {"name": "handling", "messageRetentionSeconds": 60, "sqsManagedSseEnabled": True}
    queue = Resource(provider, "aws:sqs/queue:Queue", settings)
    assert queue.id == queue.state["url"] == sqs.get_queue_url(QueueName="handling")["QueueUrl"]
    assert queue.state["arn"] == "arn:aws:sqs:eu-west-1:111122223333:handling"
    policy = Resource(provider, "aws:sqs/queuePolicy:QueuePolicy", {"queueUrl": queue.id, "policy": POLICY})

    def attribute(name):
        answer = sqs.get_queue_attributes(QueueUrl=queue.id, AttributeNames=["All"])
        return answer["Attributes"].get(name)

    assert json.loads(attribute("Policy")) == json.loads(POLICY)
    assert policy.read()["policy"] == POLICY
    queue.update(messageRetentionSeconds=120)
    assert attribute("MessageRetentionPeriod") == "120"
    sqs.set_queue_attributes(QueueUrl=queue.id, Attributes={"MessageRetentionPeriod": "180"})
    assert (queue.read()["messageRetentionSeconds"], queue.read()["sqsManagedSseEnabled"]) == (180, True)
    policy.delete()
    assert (attribute("Policy"), policy.read()) == (None, None)
    queue.delete()
    assert queue.read() is None
    queue.delete()


def test_where_failed_events_go_is_set_changed_read_and_deleted(provider, emulator):
    kind = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
    lambda_ = emulator.client("lambda")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): pass")
    lambda_.create_function(
        FunctionName="handling",
        Code={"ZipFile": content.getvalue()},
        Handler="index.handler",
        Role="arn:aws:iam::111122223333:role/handling",
        Runtime="python3.14",
    )

    def to(queue):
        return {"onFailure": {"destination": f"arn:aws:sqs:eu-west-1:111122223333:{queue}"}}

    config = Resource(provider, kind, {"functionName": "handling", "destinationConfig": to("one")})
    config.update(destinationConfig=to("two"))
    found = lambda_.get_function_event_invoke_config(FunctionName="handling")["DestinationConfig"]
    assert found["OnFailure"]["Destination"].endswith(":two")
    assert config.read()["destinationConfig"] == to("two")
    config.delete()
    assert config.read() is None
    lambda_.delete_function(FunctionName="handling")
    config.delete()
