"""Bulk registration on Pulumi."""

import json

import pulumi
import pulumi_aws as aws
import pytest

from device_provisioning.aws_iot import BulkTemplate, Certificate, Parameter, Policy, Thing, ref
from device_provisioning.pulumi import BulkRegistration, DevicePolicy
from tests.support.pulumi_program import ran

BODY = BulkTemplate(
    parameters={"ThingName": Parameter(), "Csr": Parameter()},
    thing=Thing(thing_name=ref("ThingName")),
    certificate=Certificate(certificate_signing_request=ref("Csr")),
    policies=[Policy(policy_name="pump")],
).document
PROTECTIONS = (
    "BucketLifecycleConfiguration",
    "BucketPolicy",
    "BucketPublicAccessBlock",
    "BucketServerSideEncryptionConfiguration",
)
UNFIT = {**BODY, "Mappings": {"A": {"B": {"C": "D"}}}}


def pumps(**settings):
    return BulkRegistration("pumps", {"body": BODY, **settings})


def with_everything():
    pumps(
        bucket=aws.s3.Bucket("own"),
        encryption_key=aws.kms.Key("key"),
        silenced_rules={"DP019": "none"},
    )


def statements(program, name):
    return {statement["Sid"]: statement for statement in program.named(name)["inputs"]["policy"]["Statement"]}


def test_only_aws_iot_for_this_account_may_use_the_role():
    (statement,) = ran(pumps).only("Role")["assumeRolePolicy"]["Statement"]
    assert statement["Principal"] == {"Service": "iot.amazonaws.com"}
    assert statement["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}


def test_the_role_may_read_the_files_and_do_what_the_body_needs():
    found = statements(ran(pumps), "pumps-role-permissions")
    assert found["ParameterFiles"]["Action"] == "s3:GetObject"
    assert found["ParameterFiles"]["Resource"] == "arn:aws:s3:::pumps-bucket/*"
    assert found["NewCertificates"]["Action"] == "iot:CreateCertificateFromCsr"
    assert found["Policies"]["Resource"].endswith(":policy/pump")
    assert "ParameterFilesKey" not in found


def test_the_files_are_encrypted_private_and_gone_after_a_month():
    program = ran(pumps)
    (rule,) = program.only("BucketLifecycleConfiguration")["rules"]
    assert (rule["expiration"], rule["status"]) == ({"days": 30}, "Enabled")
    (rule,) = program.only("BucketServerSideEncryptionConfiguration")["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    block = program.only("BucketPublicAccessBlock")
    assert {value for name, value in block.items() if name != "bucket"} == {True}
    (denied,) = program.only("BucketPolicy")["policy"]["Statement"]
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_the_bucket_stays_with_all_that_protects_it():
    program = ran(pumps)
    for urn, resource in program.resources.items():
        retained = resource["options"].get("retainOnDelete", False)
        assert retained == (urn.split("::")[2].rpartition(":")[2] in ("Bucket", *PROTECTIONS)), urn
    assert all(len(program.all(kind)) == 1 for kind in PROTECTIONS)


def test_a_customer_key_encrypts_the_created_bucket_and_the_role_may_decrypt_with_it():
    program = ran(lambda: pumps(encryption_key=aws.kms.Key("key")))
    (rule,) = program.only("BucketServerSideEncryptionConfiguration")["rules"]
    key_arn = "arn:aws:kms:eu-west-1:111122223333:key"
    assert rule["applyServerSideEncryptionByDefault"] == {
        "kmsMasterKeyId": key_arn,
        "sseAlgorithm": "aws:kms",
    }
    found = statements(program, "pumps-role-permissions")
    assert found["ParameterFilesKey"] == {
        "Sid": "ParameterFilesKey",
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": key_arn,
    }


def test_a_bucket_and_a_role_of_ones_own_are_used_and_none_is_created():
    def define():
        role = aws.iam.Role("own-role", assume_role_policy="{}")
        made = pumps(bucket=aws.s3.Bucket("own"), role=role)
        pulumi.Output.all(made.bucket_name, made.role_arn).apply(reported.extend)

    reported = []
    program = ran(define)
    assert program.all("Bucket").keys() == {"own"}
    assert program.all("Role").keys() == {"own-role"}
    assert reported == ["own", "arn:aws:iam::111122223333:role/own-role"]


def test_whoever_starts_tasks_can_pass_this_role_to_aws_iot_only():
    def define():
        role = aws.iam.Role("line", assume_role_policy="{}")
        aws.iam.RolePolicy("start", role=role.name, policy=pumps(bucket=aws.s3.Bucket("own")).start_policy)

    found = statements(ran(define), "start")
    assert found["RegistrationRole"]["Resource"] == "arn:aws:iam::111122223333:role/pumps-role"
    assert found["RegistrationRole"]["Condition"] == {
        "StringEquals": {"iam:PassedToService": "iot.amazonaws.com"}
    }
    assert found["ParameterFiles"]["Action"] == "s3:PutObject"
    assert found["ParameterFiles"]["Resource"] == "arn:aws:s3:::own/*"


def test_a_body_that_breaks_a_rule_is_refused():
    with pytest.raises(ValueError, match="DP009"):
        ran(lambda: pumps(body=UNFIT), preview=True)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("{}", r"body is '\{\}', which is a string: give an object"),
        (["thing"], "body is a list: give an object"),
        (None, "body is missing"),
        (BulkTemplate.from_json(json.dumps(BODY)), "body is a BulkTemplate: give its document, an object"),
    ],
)
def test_a_body_that_is_no_document_is_refused_with_what_to_give(given, message):
    with pytest.raises(ValueError, match=message):
        ran(lambda: pumps(body=given))


def test_a_body_that_is_known_later_is_refused_as_soon_as_it_is():
    def define():
        name = DevicePolicy("pump").policy_name
        pumps(body=name.apply(lambda _: UNFIT))

    ran(define, preview=True)
    with pytest.raises(Exception, match="DP009"):
        ran(define)


def test_a_body_with_a_value_that_is_known_later_is_checked_now_and_then():
    def body(policy_name):
        resources = {**BODY["Resources"]}
        (name,) = [name for name in resources if resources[name]["Type"] == "AWS::IoT::Policy"]
        resources[name] = {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": policy_name}}
        return {**BODY, "Resources": resources}

    def define(**more):
        policy = aws.iot.Policy("pump", policy="{}")
        pumps(body={**body(policy.name.apply(lambda name: name + suffix)), **more})

    suffix = ""
    found = statements(ran(define), "pumps-role-permissions")
    assert found["Policies"]["Resource"].endswith(":policy/pump")
    with pytest.raises(ValueError, match="DP009"):
        ran(lambda: define(Mappings=UNFIT["Mappings"]), preview=True)
    suffix = "/not a name"
    with pytest.raises(Exception, match="DP023"):
        ran(define)


def test_defaults_match_the_snapshot(snapshot):
    assert ran(pumps).own_part(BulkRegistration) == snapshot
    assert ran(pumps, preview=True).asked() == ran(pumps).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(BulkRegistration) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()
