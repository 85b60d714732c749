"""What ``verify`` reads in CloudTrail: events as AWS documents them, of the role of a template only."""

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.stub import Stubber

from device_provisioning.console import aws_calls
from device_provisioning.verification.aws import Aws
from device_provisioning.verification.cloud_trail import NO_CALL, calls

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
ENDED = BEGAN + timedelta(seconds=5)
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/fleets/Provisioning"
OF_ROLE = {"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Provisioning/session"}
OTHERS = (
    {"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Provisioning2/session"},
    {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/Provisioning"},
    {"type": "AWSService", "invokedBy": "iot.amazonaws.com"},
)


def event(name, identity=OF_ROLE, **more):
    told = {"eventName": name, "userIdentity": identity, **more}
    return {"EventName": name, "CloudTrailEvent": json.dumps(told)}


@pytest.fixture
def answer(monkeypatch):
    """What is read if CloudTrail answers these pages."""

    def answer(*pages):
        clients = {name: boto3.client(name, region_name="eu-west-1") for name in ("iot", "cloudtrail")}
        monkeypatch.setattr(aws_calls, "client", lambda service, settings: clients[service])
        with Stubber(clients["iot"]) as iot, Stubber(clients["cloudtrail"]) as cloudtrail:
            iot.add_response("describe_provisioning_template", {"provisioningRoleArn": ROLE})
            asked = {
                "LookupAttributes": [{"AttributeKey": "EventSource", "AttributeValue": "iot.amazonaws.com"}],
                "StartTime": BEGAN,
                "EndTime": ENDED,
            }
            for number, page in enumerate(pages):
                more = {"NextToken": str(number + 1)} if number + 1 < len(pages) else {}
                token = {"NextToken": str(number)} if number else {}
                cloudtrail.add_response("lookup_events", {"Events": page, **more}, {**asked, **token})
            return calls(Aws(), "sensors", BEGAN, ENDED)

    return answer


def test_each_call_of_the_role_is_told_once_on_whatever_page_it_is(answer):
    pages = (
        [event("CreateThing"), event("AttachPolicy")],
        [event("AttachPolicy"), event("AttachThingPrincipal")],
    )
    assert answer(*pages) == "AttachPolicy, AttachThingPrincipal, CreateThing"


def test_a_call_that_was_refused_is_told_with_its_error(answer):
    refused = event("AttachPrincipalPolicy", errorCode="AccessDenied")
    assert answer([refused, event("AttachPolicy")]) == "AttachPolicy, AttachPrincipalPolicy: AccessDenied"


@pytest.mark.parametrize("identity", OTHERS, ids=lambda identity: identity["type"] + identity.get("arn", ""))
def test_what_others_call_meanwhile_is_not_told(answer, identity):
    assert answer([event("AttachPolicy", identity)]) == NO_CALL


def test_it_is_said_that_there_is_no_event(answer):
    assert answer([]) == NO_CALL
