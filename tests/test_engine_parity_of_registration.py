"""Just-in-time and bulk registration are the same on AWS CDK and on Pulumi."""

from pathlib import Path

import pulumi_aws as aws
import pytest
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from device_provisioning import cdk, pulumi
from device_provisioning.aws_iot import BulkTemplate, Certificate, Parameter, Policy, Thing, ref
from device_provisioning.fleet.functions import REGISTRATION
from tests.support.engine_pieces import CdkPieces, PulumiPieces

CA = Path("examples/ca.pem").read_text()
TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:alarms"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1"
MINIMUM = {"ca_certificate_pem": CA, "thing_name_prefix": "pump-"}
EVERYTHING = {
    **MINIMUM,
    "verification_certificate_pem": CA,
    "certificate_mode": cdk.CertificateMode.DEFAULT,
    "active": False,
    "revocation_list_key": "ca.crl",
    "tags": {"site": "plant7"},
}
BODY = BulkTemplate(
    parameters={"ThingName": Parameter(), "Csr": Parameter()},
    thing=Thing(thing_name=ref("ThingName")),
    certificate=Certificate(certificate_signing_request=ref("Csr")),
    policies=[Policy(policy_name="pump")],
)


class JustInTime:
    """Pumps of a CA, without and with encrypted lists and somebody to notify."""

    def __init__(self, settings, encrypted):
        def on_cdk(stack):
            own = {}
            if encrypted:
                key = kms.Key.from_key_arn(stack, "Key", KEY_ARN)
                own["device_allow_list"] = cdk.DeviceAllowList(stack, "Devices", encryption_key=key)
                own["revocation_list_bucket"] = s3.Bucket(stack, "Lists", encryption_key=key)
                on_call = sns.Topic.from_topic_arn(stack, "OnCall", TOPIC_ARN)
                own["alarm_actions"] = [actions.SnsAction(on_call)]
            cdk.JustInTimeRegistration(stack, "Pumps", **settings, **own)

        def on_pulumi():
            own = {}
            if encrypted:
                key = aws.kms.Key.get("key", KEY_ARN)
                own["device_allow_list"] = pulumi.DeviceAllowList("devices", {"encryption_key": key}).table
                own["revocation_list_bucket"] = aws.s3.Bucket("revocation-lists")
                own |= {"encryption_key": key, "revocation_list_encryption_key": key}
                own["alarm_actions"] = [TOPIC_ARN]
            pulumi.JustInTimeRegistration("pumps", {**settings, **own})

        self.cdk, self.pulumi = CdkPieces(on_cdk), PulumiPieces(on_pulumi)
        self.notifies = encrypted


class Bulk:
    """Pumps of a file, in a bucket that is created or, with a customer key, already exists."""

    def __init__(self, encrypted):
        def on_cdk(stack):
            own = {}
            if encrypted:
                key = kms.Key.from_key_arn(stack, "Key", KEY_ARN)
                own["bucket"] = s3.Bucket(stack, "Own", encryption_key=key)
            made = cdk.BulkRegistration(stack, "Pumps", body=BODY, **own)
            made.grant_start(iam.Role(stack, "Line", assumed_by=iam.AccountRootPrincipal()))

        def on_pulumi():
            own = {}
            if encrypted:
                own = {"bucket": aws.s3.Bucket("own"), "encryption_key": aws.kms.Key.get("key", KEY_ARN)}
            made = pulumi.BulkRegistration("pumps", {"body": BODY.document, **own})
            aws.iam.RolePolicy("start", role="line", policy=made.start_policy)

        self.cdk, self.pulumi = CdkPieces(on_cdk), PulumiPieces(on_pulumi)


@pytest.fixture(scope="module", params=[(MINIMUM, False), (EVERYTHING, True)], ids=["defaults", "everything"])
def registration(request):
    return JustInTime(*request.param)


@pytest.fixture(scope="module", params=[False, True], ids=["created", "existing"])
def bulk(request):
    return Bulk(request.param)


def test_the_function_has_the_same_rights_and_trust(registration):
    on_cdk = registration.cdk.role("PumpsRegistrationRole")
    assert registration.pulumi.role("pumps-registration-role") == on_cdk


def test_the_function_runs_in_the_same_way_with_the_same_environment(registration):
    on_cdk = registration.cdk.function(REGISTRATION.handler)
    assert registration.pulumi.function("pumps-registration") == on_cdk
    assert on_cdk[1]["CA_CERTIFICATE"] == CA


def test_the_code_of_the_function_is_the_same_to_the_byte(registration):
    on_pulumi = registration.pulumi.code("pumps-registration")
    assert on_pulumi == registration.cdk.code(REGISTRATION.handler)
    folder = "device_provisioning/lambdas/just_in_time_registration"
    assert on_pulumi.keys() >= {f"{folder}/{name}.py" for name in ("handler", "registration", "openssl")}


def test_the_log_is_kept_as_long(registration):
    kept = registration.cdk.of("AWS::Logs::LogGroup", "PumpsRegistration")["RetentionInDays"]
    assert registration.pulumi.of("pumps-registration-log-group")["retentionInDays"] == kept


def test_the_certificate_authority_is_the_same(registration):
    on_cdk = registration.cdk.of("AWS::IoT::CACertificate")
    on_pulumi = registration.pulumi.of("pumps-authority-ca")
    assert on_pulumi["caCertificatePem"]["SECRET"] == on_cdk["CACertificatePem"]
    assert on_pulumi.get("verificationCertificatePem", {}).get("SECRET") == on_cdk.get(
        "VerificationCertificatePem"
    )
    assert on_pulumi["certificateMode"] == on_cdk["CertificateMode"]
    assert on_pulumi["active"] == (on_cdk["Status"] == "ACTIVE")
    assert on_pulumi["allowAutoRegistration"] == (on_cdk["AutoRegistrationStatus"] == "ENABLE")
    tags = {tag["Key"]: tag["Value"] for tag in on_cdk.get("Tags", [])}
    assert on_pulumi.get("tags", {}) == tags


def test_the_rule_is_the_same(registration):
    on_cdk = registration.cdk.of("AWS::IoT::TopicRule")["TopicRulePayload"]
    rule = registration.pulumi.of("pumps-rule")
    assert (rule["sql"], rule["sqlVersion"]) == (on_cdk["Sql"], on_cdk["AwsIotSqlVersion"])
    assert rule["enabled"] is not on_cdk["RuleDisabled"]
    assert [{"Lambda": {"FunctionArn": a["functionArn"]}} for a in rule["lambdas"]] == on_cdk["Actions"]
    put_aside = on_cdk["ErrorAction"]["Sqs"]
    assert rule["errorAction"]["sqs"] == {
        "queueUrl": put_aside["QueueUrl"],
        "roleArn": put_aside["RoleArn"],
        "useBase64": put_aside.get("UseBase64", False),
    }


def test_the_rule_may_do_the_same(registration):
    assert registration.pulumi.permission("pumps-invoke-permission") == registration.cdk.permission()
    on_cdk = registration.cdk.role("PumpsUndeliveredEventsRole")
    assert registration.pulumi.role("pumps-undelivered-events-role") == on_cdk


def test_the_queue_keeps_events_as_long_and_as_safely(registration):
    on_cdk, queue = registration.cdk.of("AWS::SQS::Queue"), registration.pulumi.of("pumps-dead-letter-queue")
    assert queue["messageRetentionSeconds"] == on_cdk["MessageRetentionPeriod"]
    assert queue["sqsManagedSseEnabled"] == on_cdk["SqsManagedSseEnabled"]
    # CDK also allows the function's role here what its own policy allows it already.
    denied = registration.cdk.of("AWS::SQS::QueuePolicy")["PolicyDocument"]["Statement"][0]
    assert registration.pulumi.of("pumps-dead-letter-queue-policy")["policy"]["Statement"] == [denied]


def test_failed_events_go_to_the_same_place(registration):
    on_cdk = registration.cdk.of("AWS::Lambda::EventInvokeConfig")
    on_pulumi = registration.pulumi.of("pumps-registration-failed-events")
    assert on_pulumi["functionName"] == on_cdk["FunctionName"]
    failed = on_cdk["DestinationConfig"]["OnFailure"]["Destination"]
    assert on_pulumi["destinationConfig"] == {"onFailure": {"destination": failed}}


def test_the_alarms_are_the_same(registration):
    assert len(registration.pulumi.alarms()) == (2 if registration.notifies else 0)
    assert registration.pulumi.alarms() == registration.cdk.alarms()


def test_the_role_of_bulk_registration_is_the_same(bulk):
    assert bulk.pulumi.role("pumps-role") == bulk.cdk.role("PumpsRole")


def test_who_starts_tasks_may_do_the_same(bulk):
    on_cdk = bulk.cdk.of("AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    on_pulumi = bulk.pulumi.of("start")["policy"]["Statement"]
    assert [{name: s[name] for name in s if name != "Sid"} for s in on_pulumi] == on_cdk


def test_the_created_bucket_is_the_same():
    bulk = Bulk(encrypted=False)
    bucket = bulk.cdk.of("AWS::S3::Bucket")
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    (rule,) = bulk.pulumi.of("pumps-bucket-encryption")["rules"]
    algorithm = encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": algorithm}
    (kept,) = bucket["LifecycleConfiguration"]["Rules"]
    (rule,) = bulk.pulumi.of("pumps-bucket-lifecycle")["rules"]
    assert (rule["expiration"]["days"], rule["status"]) == (kept["ExpirationInDays"], kept["Status"])
    block = bulk.pulumi.of("pumps-bucket-public-access-block")
    assert {name[0].upper() + name[1:]: value for name, value in block.items() if name != "bucket"} == bucket[
        "PublicAccessBlockConfiguration"
    ]
    on_cdk = bulk.cdk.of("AWS::S3::BucketPolicy")["PolicyDocument"]
    assert bulk.pulumi.of("pumps-bucket-policy")["policy"] == on_cdk


def test_the_created_bucket_and_its_policy_stay_on_both():
    bulk = Bulk(encrypted=False)
    for resource in bulk.cdk.resources.values():
        if resource["Type"].startswith("AWS::S3::"):
            assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    for name in ("pumps-bucket", "pumps-bucket-policy"):
        assert bulk.pulumi.program.named(name)["options"]["retainOnDelete"] is True
