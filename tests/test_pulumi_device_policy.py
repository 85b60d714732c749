"""The device policy on Pulumi."""

from device_provisioning.pulumi import DevicePolicy
from tests.support.pulumi_program import ran


def a_policy(**settings):
    return DevicePolicy("device-policy", settings)


def with_everything():
    a_policy(
        policy_name="sensor",
        topic_prefix="factory",
        shadow=True,
        jobs=True,
        statements=[{"Effect": "Deny", "Action": "iot:RetainPublish", "Resource": "*"}],
        revoke_certificates_on_removal=True,
    )


def test_the_policy_variable_reaches_aws_iot_as_it_is():
    resources = [s["Resource"] for s in ran(a_policy).only("Policy")["policy"]["Statement"]]
    assert resources[0] == "arn:aws:iot:eu-west-1:111122223333:client/${iot:Connection.Thing.ThingName}"
    assert resources[1].endswith(":topic/dt/${iot:Connection.Thing.ThingName}/*")


def test_a_name_is_left_to_the_provider_unless_one_is_given():
    assert "name" not in ran(a_policy).only("Policy")
    assert ran(with_everything).only("Policy")["name"] == "sensor"


def test_an_empty_prefix_means_no_topics_of_its_own():
    statements = ran(lambda: a_policy(topic_prefix="")).only("Policy")["policy"]["Statement"]
    assert [statement["Sid"] for statement in statements] == ["OwnClientId"]


def test_certificates_are_revoked_only_when_set_and_before_the_policy_goes():
    assert not ran(a_policy).all("ProvisionedCertificates")
    revocation = ran(with_everything).named("device-policy-revocation")
    assert [urn.rpartition("::")[2] for urn in revocation["dependencies"]] == ["device-policy-policy"]


def test_defaults_match_the_snapshot(snapshot):
    assert ran(a_policy).own_part(DevicePolicy) == snapshot
    assert ran(a_policy, preview=True).asked() == ran(a_policy).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(DevicePolicy) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()
