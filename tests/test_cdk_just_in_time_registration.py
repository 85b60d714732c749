"""Just-in-time registration on AWS CDK."""

import pytest
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from device_provisioning.cdk import DeviceAllowList, DevicePolicy, JustInTimeRegistration
from device_provisioning.fleet.functions import REGISTRATION
from tests.support.synthesis import a_stack, only, own_part, properties, roles_of, synthesised

CA = "AWS::IoT::CACertificate"
RULE = "AWS::IoT::TopicRule"
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
ARN = "arn:aws:iot:eu-west-1:111122223333"
LONG = f"-----BEGIN CERTIFICATE-----\n{'A' * 4000}\n-----END CERTIFICATE-----\n"


def pumps(stack, **settings):
    return JustInTimeRegistration(
        stack, "Pumps", ca_certificate_pem=PEM, **{"thing_name_prefix": "pump-", **settings}
    )


def with_everything(stack):
    key = kms.Key(stack, "Key")
    pumps(
        stack,
        verification_certificate_pem=PEM,
        active=False,
        device_allow_list=DeviceAllowList(stack, "Devices", encryption_key=key),
        revocation_list_bucket=s3.Bucket(stack, "Lists", encryption_key=key),
        revocation_list_key="ca.crl",
        device_policy=DevicePolicy(stack, "Policy", policy_name="pump"),
        dead_letter_queue=sqs.Queue(stack, "Queue"),
        tags={"site": "plant7"},
        alarm_actions=[actions.SnsAction(sns.Topic(stack, "Alarms"))],
    )


def functions_role(template):
    (role,) = [
        role
        for role in roles_of(template, "lambda.amazonaws.com")
        if role["Description"].startswith("Registers devices")
    ]
    return {s["Sid"]: s for s in role["Policies"][0]["PolicyDocument"]["Statement"]}


def test_the_ca_registers_automatically_and_has_no_template():
    made = properties(synthesised(pumps), CA)
    assert made["AutoRegistrationStatus"] == "ENABLE"
    assert "RegistrationConfig" not in made


def test_the_rule_listens_to_this_ca_and_only_it_may_invoke_the_function():
    template = synthesised(pumps)
    rule, (ca_id,) = only(template, RULE), template.find_resources(CA)
    sql = rule["Properties"]["TopicRulePayload"]["Sql"]["Fn::Join"][1]
    assert sql == [
        "SELECT * FROM '$aws/events/certificates/registered/",
        {"Fn::GetAtt": [ca_id, "Id"]},
        "'",
    ]
    permission = properties(template, "AWS::Lambda::Permission")
    assert permission["SourceArn"] == f"{ARN}:rule/{rule['Properties']['RuleName']}"
    assert permission["SourceAccount"] == "111122223333"
    assert set(rule["DependsOn"]) == set(template.find_resources("AWS::Lambda::Permission"))


def test_events_that_could_not_be_handled_or_delivered_go_to_one_encrypted_queue():
    template = synthesised(pumps)
    (queue_id,) = template.find_resources("AWS::SQS::Queue")
    failed = properties(template, "AWS::Lambda::EventInvokeConfig")["DestinationConfig"]["OnFailure"]
    assert failed["Destination"] == {"Fn::GetAtt": [queue_id, "Arn"]}
    error_action = properties(template, RULE)["TopicRulePayload"]["ErrorAction"]["Sqs"]
    assert error_action["QueueUrl"] == {"Ref": queue_id}
    assert properties(template, "AWS::SQS::Queue")["MessageRetentionPeriod"] == 14 * 24 * 3600
    denied = properties(template, "AWS::SQS::QueuePolicy")["PolicyDocument"]["Statement"][0]
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_the_function_can_touch_only_things_with_the_prefix():
    statements = functions_role(synthesised(pumps))
    assert statements["Things"]["Resource"] == f"{ARN}:thing/pump-*"
    assert statements["Reservation"]["Action"] == "dynamodb:UpdateItem"
    assert "RevocationList" not in statements


def test_the_function_may_read_exactly_the_revocation_list_and_use_its_key():
    statements = functions_role(synthesised(with_everything))
    assert statements["RevocationList"]["Action"] == "s3:GetObject"
    assert statements["RevocationList"]["Resource"]["Fn::Join"][1][-1] == "/ca.crl"
    assert statements["RevocationListKey"]["Action"] == "kms:Decrypt"
    assert "TableKey" in statements


def test_the_function_runs_shorter_than_a_lease():
    from device_provisioning.lambdas.just_in_time_registration.allow_list import LEASE_SECONDS

    template = synthesised(pumps)
    (function,) = template.find_resources(
        "AWS::Lambda::Function", {"Properties": {"Handler": REGISTRATION.handler}}
    ).values()
    assert function["Properties"]["Timeout"] < LEASE_SECONDS


def test_alarms_go_off_when_a_registration_fails_and_when_an_event_is_given_up():
    alarms = synthesised(with_everything).find_resources("AWS::CloudWatch::Alarm").values()
    watched = {alarm["Properties"]["MetricName"] for alarm in alarms}
    assert watched == {"Errors", "ApproximateNumberOfMessagesVisible"}
    assert all(alarm["Properties"]["AlarmActions"] for alarm in alarms)


def test_metrics_are_of_this_ca():
    made = pumps(a_stack())
    for metric, name in (
        (made.metric_registered(), "Registered"),
        (made.metric_denied(), "Denied"),
        (made.metric_failed(statistic="Maximum"), "Failed"),
    ):
        assert (metric.namespace, metric.metric_name) == ("DeviceProvisioning", name)
        assert list(metric.dimensions) == ["CaCertificateId"]


def test_a_queue_of_ones_own_is_used_and_none_is_created():
    template = synthesised(lambda stack: pumps(stack, dead_letter_queue=sqs.Queue(stack, "Own")))
    template.resource_count_is("AWS::SQS::Queue", 1)


def test_whoever_sends_to_a_queue_of_ones_own_may_use_its_key():
    def define(stack):
        key = kms.Key(stack, "Key")
        pumps(stack, dead_letter_queue=sqs.Queue(stack, "Own", encryption_master_key=key))

    roles = synthesised(define).find_resources("AWS::IAM::Role").values()
    documents = [role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"] for role in roles]
    senders = [{s["Sid"]: s["Action"] for s in each} for each in documents if "sqs:SendMessage" in str(each)]
    assert len(senders) == 2
    for sender in senders:
        assert sender["DeadLetterQueueKey"] == ["kms:Decrypt", "kms:GenerateDataKey"]


def test_a_ca_that_the_function_has_no_room_for_is_refused():
    with pytest.raises(ValueError, match=r"make CA_CERTIFICATE shorter, by a shorter subject or an EC key$"):
        synthesised(
            lambda stack: JustInTimeRegistration(
                stack, "Pumps", ca_certificate_pem=LONG, thing_name_prefix="pump-"
            )
        )


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(pumps, JustInTimeRegistration) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, JustInTimeRegistration) == snapshot
