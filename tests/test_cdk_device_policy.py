"""The device policy on AWS CDK."""

from device_provisioning.cdk import DevicePolicy
from tests.support.synthesis import a_stack, only, own_part, properties, synthesised

POLICY = "AWS::IoT::Policy"


def a_policy(stack, **settings):
    return DevicePolicy(stack, "DevicePolicy", **settings)


def with_everything(stack):
    deny = {"Effect": "Deny", "Action": "iot:RetainPublish", "Resource": "*"}
    a_policy(
        stack,
        policy_name="sensor",
        topic_prefix="factory",
        shadow=True,
        jobs=True,
        statements=[deny],
        revoke_certificates_on_removal=True,
    )


def test_the_policy_variable_reaches_aws_iot_as_it_is():
    document = properties(synthesised(a_policy), POLICY)["PolicyDocument"]
    resources = [statement["Resource"] for statement in document["Statement"]]
    assert resources[0] == "arn:aws:iot:eu-west-1:111122223333:client/${iot:Connection.Thing.ThingName}"
    assert resources[1].endswith(":topic/dt/${iot:Connection.Thing.ThingName}/*")


def test_a_generated_name_fits_and_a_given_one_is_used():
    assert 0 < len(a_policy(a_stack("S" * 120)).policy_name) <= 128
    assert properties(synthesised(with_everything), POLICY)["PolicyName"] == "sensor"


def test_certificates_are_revoked_only_when_set_and_before_the_policy_goes():
    synthesised(a_policy).resource_count_is("Custom::ProvisionedCertificates", 0)
    template = synthesised(with_everything)
    (name,) = template.find_resources(POLICY)
    assert only(template, "Custom::ProvisionedCertificates")["Properties"]["PolicyName"] == {"Ref": name}


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(a_policy, DevicePolicy) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, DevicePolicy) == snapshot
