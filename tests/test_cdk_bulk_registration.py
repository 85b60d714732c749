"""Bulk registration on AWS CDK."""

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match

from device_provisioning.aws_iot import BulkTemplate, Certificate, Parameter, Policy, Thing, ref
from device_provisioning.cdk import BulkRegistration
from tests.support.synthesis import a_stack, only, own_part, properties, roles_of, synthesised

BODY = BulkTemplate(
    parameters={"ThingName": Parameter(), "Csr": Parameter()},
    thing=Thing(thing_name=ref("ThingName")),
    certificate=Certificate(certificate_signing_request=ref("Csr")),
    policies=[Policy(policy_name="pump")],
)


def pumps(stack, **settings):
    return BulkRegistration(stack, "Pumps", **{"body": BODY, **settings})


def with_everything(stack):
    bucket = s3.Bucket(stack, "Own", encryption=s3.BucketEncryption.KMS)
    made = pumps(stack, bucket=bucket, silenced_rules={"DP019": "none"})
    made.grant_start(iam.Role(stack, "Line", assumed_by=iam.AccountRootPrincipal()))


def statements(template):
    (role,) = roles_of(template, "iot.amazonaws.com")
    return {s["Sid"]: s for s in role["Policies"][0]["PolicyDocument"]["Statement"]}


def test_only_aws_iot_for_this_account_may_use_the_role():
    (role,) = roles_of(synthesised(pumps), "iot.amazonaws.com")
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}


def test_the_role_may_read_the_files_and_do_what_the_body_needs():
    found = statements(synthesised(pumps))
    assert found["ParameterFiles"]["Action"] == "s3:GetObject"
    assert found["NewCertificates"]["Action"] == "iot:CreateCertificateFromCsr"
    assert found["Policies"]["Resource"].endswith(":policy/pump")


def test_the_files_are_encrypted_private_and_gone_after_a_month():
    template = synthesised(pumps)
    bucket = only(template, "AWS::S3::Bucket")
    assert bucket["Properties"]["LifecycleConfiguration"]["Rules"] == [
        {"ExpirationInDays": 30, "Status": "Enabled"}
    ]
    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    denied = properties(template, "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"][0]
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_a_bucket_and_a_role_of_ones_own_are_used_and_none_is_created():
    def define(stack):
        role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111122223333:role/own")
        pumps(stack, bucket=s3.Bucket.from_bucket_name(stack, "Bucket", "own"), role=role)

    template = synthesised(define)
    template.resource_count_is("AWS::S3::Bucket", 0)
    template.resource_count_is("AWS::IAM::Role", 0)


def test_a_body_that_breaks_a_rule_is_refused():
    body = BulkTemplate.from_document({**BODY.document, "Mappings": {}})
    with pytest.raises(ValueError, match="DP009"):
        pumps(a_stack(), body=body)


def test_whoever_starts_tasks_can_pass_this_role_to_aws_iot_only():
    template = synthesised(with_everything)
    template.has_resource_properties(
        "AWS::IAM::Policy",
        {
            "PolicyDocument": {
                "Statement": Match.array_with(
                    [
                        Match.object_like(
                            {
                                "Action": "iam:PassRole",
                                "Condition": {"StringEquals": {"iam:PassedToService": "iot.amazonaws.com"}},
                            }
                        )
                    ]
                )
            }
        },
    )


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(pumps, BulkRegistration) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, BulkRegistration) == snapshot
