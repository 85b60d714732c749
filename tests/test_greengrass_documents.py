"""Documents of a fleet of Greengrass core devices."""

import json

import pytest
from pydantic import ValidationError

from device_provisioning.aws_iot.environment import Environment
from device_provisioning.greengrass import (
    ComponentDeployment,
    CoreDeviceGroup,
    core_device_policy,
    token_exchange_role_policy,
    token_exchange_role_trust,
)

IRELAND = Environment("111122223333", "eu-west-1")


def a_policy(**settings):
    return core_device_policy(IRELAND, **{"thing_name_prefix": "gg-", "role_alias_name": "edge", **settings})


def statement(document, sid):
    (found,) = [s for s in document["Statement"] if s["Sid"] == sid]
    return found


def test_only_the_credentials_provider_may_assume_the_role_and_only_for_the_one_alias():
    (trust,) = token_exchange_role_trust("edge", IRELAND)["Statement"]
    assert trust["Principal"] == {"Service": "credentials.iot.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "arn:aws:iot:eu-west-1:111122223333:rolealias/edge"},
    }


def test_cores_write_greengrass_logs_only_and_read_no_bucket_that_is_not_given():
    (logs,) = token_exchange_role_policy(IRELAND)["Statement"]
    assert logs["Resource"] == "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/greengrass/*"
    assert all(action.startswith("logs:") for action in logs["Action"])


def test_artefacts_of_the_given_buckets_can_be_read_and_decrypted():
    document = token_exchange_role_policy(
        IRELAND, artifact_bucket_arns=["arn:aws:s3:::parts"], encryption_key_arns=["arn:aws:kms:::key/1"]
    )
    assert statement(document, "Artifacts")["Resource"] == "arn:aws:s3:::parts/*"
    assert statement(document, "ArtifactBuckets")["Resource"] == "arn:aws:s3:::parts"
    assert statement(document, "ArtifactKeys")["Action"] == "kms:Decrypt"


def test_the_name_is_followed_by_the_star_that_further_connections_need():
    assert statement(a_policy(), "CoreClientIds")["Resource"].endswith(":client/gg-*")


def test_no_thing_policy_variable_is_used_as_the_classic_nucleus_needs_more_than_one_name():
    assert "${" not in json.dumps(a_policy())


def test_where_all_cores_run_nucleus_lite_each_has_its_own_client_id_and_topics_only():
    shared, own = a_policy(), a_policy(only_nucleus_lite=True)
    assert statement(own, "CoreClientIds")["Resource"].endswith(":client/${iot:Connection.Thing.ThingName}")
    assert "gg-" not in json.dumps(own)
    named = json.loads(json.dumps(shared).replace("gg-*", "${iot:Connection.Thing.ThingName}"))
    assert own == named


def test_every_topic_of_a_core_is_under_the_names_of_the_fleet():
    for sid in ("Publish", "PublishAndReceive", "Subscribe"):
        for resource in statement(a_policy(), sid)["Resource"]:
            assert "/$aws/things/gg-*/" in resource


def test_only_the_role_alias_of_the_fleet_can_be_used():
    assert statement(a_policy(), "TokenExchange")["Resource"] == IRELAND.iot_arn("rolealias/edge")


def test_only_the_data_plane_of_greengrass_is_without_a_resource():
    everywhere = [s["Sid"] for s in a_policy()["Statement"] if s["Resource"] == "*"]
    assert everywhere == ["GreengrassDataPlane"]
    assert not any("*" in action for action in statement(a_policy(), "GreengrassDataPlane")["Action"])


def test_a_policy_is_refused_when_its_names_make_it_longer_than_2048_characters():
    document = a_policy(thing_name_prefix="g" * 60, role_alias_name="a" * 128)
    assert len(json.dumps(document, separators=(",", ":"))) <= 2048
    with pytest.raises(ValueError, match="AWS IoT accepts 2048: give a shorter thing_name_prefix"):
        a_policy(thing_name_prefix="g" * 128)


@pytest.mark.parametrize("prefix", ["", "gg:", "g" * 129, "gg "])
def test_a_prefix_that_greengrass_does_not_accept_is_refused(prefix):
    with pytest.raises(ValueError, match="thing_name_prefix"):
        a_policy(thing_name_prefix=prefix)


def test_all_wrong_names_are_told_together():
    with pytest.raises(ValueError, match=r"(?s)thing_name_prefix 'gg:' has .*role_alias_name 'a:b' has"):
        a_policy(thing_name_prefix="gg:", role_alias_name="a:b")


@pytest.mark.parametrize("name", ["line:4", "", "l" * 129])
def test_a_group_that_greengrass_does_not_accept_is_refused(name):
    with pytest.raises(ValidationError, match="the thing group's name"):
        CoreDeviceGroup(name=name)
    assert CoreDeviceGroup(name="l" * 128)


def test_the_configuration_of_a_component_is_merged_as_json_text():
    assert ComponentDeployment(version="1.0.0", configuration={"a": 1}).merge == '{"a": 1}'
    assert ComponentDeployment(version="1.0.0").merge is None
