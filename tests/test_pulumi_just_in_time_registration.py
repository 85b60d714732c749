"""Just-in-time registration on Pulumi."""

from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from device_provisioning.pulumi import (
    CertificateMode,
    DeviceAllowList,
    DevicePolicy,
    JustInTimeRegistration,
)
from tests.support.pulumi_program import ran

CA = Path("examples/ca.pem").read_text()
ARN = "arn:aws:iot:eu-west-1:111122223333"
CA_ID = "pumps-authority-ca-id"
RULE = f"just_in_time_registration_{CA_ID}"
QUEUE_ARN = "arn:aws:sqs:eu-west-1:111122223333:pumps-dead-letter-queue"
LONG = f"-----BEGIN CERTIFICATE-----\n{'A' * 4000}\n-----END CERTIFICATE-----\n"


def pumps(**settings):
    return JustInTimeRegistration(
        "pumps", {"ca_certificate_pem": CA, "thing_name_prefix": "pump-", **settings}
    )


def with_everything():
    key = aws.kms.Key("key")
    pumps(
        verification_certificate_pem=CA,
        certificate_mode=CertificateMode.DEFAULT,
        active=False,
        device_allow_list=DeviceAllowList("devices", {"encryption_key": key}).table,
        devices=[{"serial_number": "pump-1"}],
        encryption_key=key,
        revocation_list_bucket=aws.s3.Bucket("lists"),
        revocation_list_key="ca.crl",
        revocation_list_encryption_key=key,
        device_policy=DevicePolicy("policy", {"policy_name": "pump"}).resource,
        dead_letter_queue=aws.sqs.Queue("queue", kms_master_key_id=key.arn),
        dead_letter_queue_encryption_key=key,
        tags={"site": "plant7"},
        log_retention_days=30,
        alarm_actions=["arn:aws:sns:eu-west-1:111122223333:alarms"],
    )


def of_the_function(program):
    policy = program.named("pumps-registration-role-permissions")["inputs"]["policy"]
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def awaited_by(program, name):
    return {urn.rpartition("::")[2] for urn in program.named(name)["dependencies"]}


def test_the_ca_registers_automatically_and_has_no_template():
    made = ran(pumps).only("CaCertificate")
    assert made["allowAutoRegistration"] is True
    assert "registrationConfig" not in made


def test_the_rule_listens_to_this_ca_and_only_it_may_invoke_the_function():
    program = ran(pumps)
    rule = program.only("TopicRule")
    assert (rule["name"], rule["enabled"]) == (RULE, True)
    assert rule["sql"] == f"SELECT * FROM '$aws/events/certificates/registered/{CA_ID}'"
    permission = program.only("Permission")
    assert permission["sourceArn"] == f"{ARN}:rule/{RULE}"
    assert permission["sourceAccount"] == "111122223333"
    assert [action["functionArn"] for action in rule["lambdas"]] == [permission["function"]]


def test_the_rule_comes_after_all_that_handles_its_events():
    assert awaited_by(ran(pumps), "pumps-rule") >= {
        "pumps-invoke-permission",
        "pumps-registration-failed-events",
        "pumps-registration-function",
        "pumps-undelivered-events-role-permissions",
    }


def test_events_that_could_not_be_handled_or_delivered_go_to_one_encrypted_queue():
    program = ran(pumps)
    queue = program.only("Queue")
    assert queue == {"messageRetentionSeconds": 14 * 24 * 3600, "sqsManagedSseEnabled": True}
    failed = program.only("FunctionEventInvokeConfig")
    assert failed["destinationConfig"] == {"onFailure": {"destination": QUEUE_ARN}}
    set_aside = program.only("TopicRule")["errorAction"]["sqs"]
    assert set_aside["queueUrl"].endswith("/pumps-dead-letter-queue")
    (denied,) = program.only("QueuePolicy")["policy"]["Statement"]
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert denied["Resource"] == QUEUE_ARN


def test_only_the_rule_may_put_events_aside():
    program = ran(pumps)
    trust = program.named("pumps-undelivered-events-role")["inputs"]["assumeRolePolicy"]["Statement"][0]
    assert trust["Principal"] == {"Service": "iot.amazonaws.com"}
    assert trust["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"{ARN}:rule/{RULE}"},
        "StringEquals": {"aws:SourceAccount": "111122223333"},
    }
    policy = program.named("pumps-undelivered-events-role-permissions")["inputs"]["policy"]
    (statement,) = policy["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("sqs:SendMessage", QUEUE_ARN)


def test_the_function_can_touch_only_things_with_the_prefix():
    statements = of_the_function(ran(pumps))
    assert statements["Things"]["Resource"] == f"{ARN}:thing/pump-*"
    assert statements["Reservation"]["Action"] == "dynamodb:UpdateItem"
    assert not {"RevocationList", "RevocationListKey", "TableKey"} & statements.keys()


def test_the_function_may_read_exactly_the_revocation_list_and_use_its_key():
    program = ran(with_everything)
    statements = of_the_function(program)
    assert statements["RevocationList"]["Action"] == "s3:GetObject"
    assert statements["RevocationList"]["Resource"] == "arn:aws:s3:::lists/ca.crl"
    assert statements["RevocationListKey"]["Action"] == "kms:Decrypt"
    assert statements["TableKey"]["Resource"] == "arn:aws:kms:eu-west-1:111122223333:key"
    variables = program.named("pumps-registration-function")["inputs"]["environment"]["variables"]
    assert variables["REVOCATION_LIST_BUCKET"] == "lists"
    assert variables["REVOCATION_LIST_KEY"] == "ca.crl"


def test_a_customer_key_encrypts_the_created_table_and_the_function_may_use_it():
    program = ran(lambda: pumps(encryption_key=aws.kms.Key("key")))
    key_arn = "arn:aws:kms:eu-west-1:111122223333:key"
    assert program.only("Table")["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": key_arn}
    assert of_the_function(program)["TableKey"]["Resource"] == key_arn


def test_alarms_go_off_when_a_registration_fails_and_when_an_event_is_given_up():
    alarms = ran(with_everything).all("MetricAlarm").values()
    assert {(alarm["namespace"], alarm["metricName"]) for alarm in alarms} == {
        ("AWS/Lambda", "Errors"),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    }
    assert {name for alarm in alarms for name in alarm["dimensions"].values()} == {
        "pumps-registration-function",
        "queue",
    }
    assert all(alarm["alarmActions"] for alarm in alarms)


def test_existing_resources_are_used_and_not_created():
    program = ran(with_everything)
    assert program.all("Queue").keys() == {"queue"}
    assert program.all("Table").keys() == {"devices-table"}
    assert program.all("Policy").keys() == {"policy-policy"}
    assert not program.all("QueuePolicy")


def test_devices_that_are_declared_are_on_the_list():
    program = ran(lambda: pumps(devices=[{"serial_number": "pump-1"}]))
    listed = program.only("ListedDevices")
    assert listed["table_name"] == "pumps-device-allow-list-table"
    assert [device["serial_number"] for device in listed["devices"]] == ["pump-1"]


def test_what_a_program_needs_of_it_is_an_output():
    def define():
        made = pumps()
        named = made.device_allow_list_table_name, made.certificate_id, made.dead_letter_queue_url
        pulumi.Output.all(*named).apply(reported.extend)

    reported = []
    ran(define)
    assert reported == [
        "pumps-device-allow-list-table",
        CA_ID,
        "https://sqs.eu-west-1.amazonaws.com/111122223333/pumps-dead-letter-queue",
    ]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"ca_certificate_pem": ""}, "certificate_pem is empty"),
        ({"ca_certificate_pem": "-----BEGIN EC PRIVATE KEY-----"}, "contains a private key"),
        ({"certificate_mode": CertificateMode.DEFAULT}, "DP043"),
    ],
)
def test_certificates_and_modes_that_do_not_fit_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        ran(lambda: pumps(**settings), preview=True)


def test_a_ca_that_the_function_has_no_room_for_is_refused():
    with pytest.raises(ValueError, match=r"make CA_CERTIFICATE shorter, by a shorter subject or an EC key$"):
        ran(lambda: pumps(ca_certificate_pem=LONG))


def test_defaults_match_the_snapshot(snapshot):
    assert ran(pumps).own_part(JustInTimeRegistration) == snapshot
    assert ran(pumps, preview=True).asked() == ran(pumps).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(JustInTimeRegistration) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()
