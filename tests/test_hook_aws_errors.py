"""What AWS may answer the hook: every failure is a denial with a reason, and in time."""

import socket
import time

import pytest
from botocore.config import Config
from botocore.session import Session
from botocore.stub import ANY, Stubber

from device_provisioning.lambdas.pre_provisioning_hook import handler as hook_handler
from device_provisioning.lambdas.pre_provisioning_hook.hook import LEAST_SECONDS, Hook
from tests.hooks import NOW, SETTLED, a_certificate_id, a_request, hook_settings, plenty_of_time

EARLIER = "e" * 64
SERVER_ERRORS = ["InternalServerError", "InternalFailure", "ServiceUnavailable"]
CLIENT_ERRORS = [
    "AccessDeniedException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ResourceNotFoundException",
    "ThrottlingException",
    "TransactionConflictException",
    "UnrecognizedClientException",
    "ValidationException",
]


def a_client(service, url=None):
    config = hook_handler._CONFIG.merge(Config(region_name="eu-west-1"))
    session = Session()
    session.set_credentials("test", "test")
    return session.create_client(service, config=config, endpoint_url=url)


class Aws:
    """Clients of AWS that answer what they are told to, in that order."""

    def __init__(self, dynamodb, iot):
        self.dynamodb, self.iot = dynamodb, iot
        self.tables, self.certificates = Stubber(dynamodb), Stubber(iot)

    def held(self, **attributes):
        """The table answers that the record is held."""
        record = {
            "serial_number": {"S": "A-1"},
            "certificate_id": {"S": EARLIER},
            "claimed_at": {"N": str(NOW)},
            **attributes,
        }
        self.tables.add_client_error(
            "update_item",
            "ConditionalCheckFailedException",
            http_status_code=400,
            modeled_fields={"Item": record},
        )

    def fails(self, stubber, operation, code, status):
        stubber.add_client_error(operation, code, http_status_code=status)

    def decide(self, seconds_left=plenty_of_time):
        hook = Hook(hook_settings(), self.dynamodb, lambda: self.iot, lambda: SETTLED)
        decision = hook.decide(a_request("A-1"), seconds_left)
        self.tables.assert_no_pending_responses()
        self.certificates.assert_no_pending_responses()
        return decision.allowed, decision.reason


@pytest.fixture(scope="module")
def clients():
    return a_client("dynamodb"), a_client("iot")


@pytest.fixture
def aws(clients):
    aws = Aws(*clients)
    with aws.tables, aws.certificates:
        yield aws


@pytest.mark.parametrize("code", CLIENT_ERRORS)
def test_an_error_of_the_table_denies(aws, code):
    aws.fails(aws.tables, "update_item", code, 400)
    assert aws.decide() == (False, f"UpdateItem failed: {code}")


@pytest.mark.parametrize("code", [code for code in CLIENT_ERRORS if code != "ResourceNotFoundException"])
def test_an_error_of_aws_iot_denies(aws, code):
    aws.held()
    aws.fails(aws.certificates, "describe_certificate", code, 400)
    assert aws.decide() == (False, f"DescribeCertificate failed: {code}")


@pytest.mark.parametrize("code", CLIENT_ERRORS)
def test_an_error_while_the_claim_moves_denies(aws, code):
    aws.held()
    aws.fails(aws.certificates, "describe_certificate", "ResourceNotFoundException", 404)
    aws.fails(aws.tables, "update_item", code, 400)
    assert aws.decide() == (False, f"UpdateItem failed: {code}")


@pytest.mark.parametrize("code", SERVER_ERRORS)
def test_an_error_of_the_service_itself_is_tried_once_more(aws, code):
    aws.fails(aws.tables, "update_item", code, 500)
    aws.fails(aws.tables, "update_item", code, 500)
    assert aws.decide() == (False, f"UpdateItem failed: {code}")


def test_a_call_that_works_the_second_time_lets_the_device_through(aws):
    aws.fails(aws.tables, "update_item", "InternalServerError", 500)
    aws.tables.add_response("update_item", {"Attributes": {"serial_number": {"S": "A-1"}}})
    assert aws.decide() == (True, "listed")


def test_a_record_that_cannot_be_seen_is_no_record(aws):
    aws.fails(aws.tables, "update_item", "ConditionalCheckFailedException", 400)
    assert aws.decide() == (False, "not on the allow list")


def test_somebody_who_was_faster_keeps_the_claim(aws):
    aws.held()
    aws.fails(aws.certificates, "describe_certificate", "ResourceNotFoundException", 404)
    aws.held(certificate_id={"S": a_certificate_id()})
    assert aws.decide() == (False, "another registration of this serial number was faster")


def test_the_claim_moves_only_from_the_certificate_that_aws_iot_was_asked_about(aws):
    aws.held()
    described = {"certificateDescription": {"status": "PENDING_ACTIVATION"}}
    aws.certificates.add_response("describe_certificate", described, {"certificateId": EARLIER})
    expected = {
        "TableName": "devices",
        "Key": {"serial_number": {"S": "A-1"}},
        "UpdateExpression": ANY,
        "ConditionExpression": ANY,
        "ExpressionAttributeValues": ANY,
        "ReturnValues": "ALL_NEW",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    aws.tables.add_response("update_item", {"Attributes": {"serial_number": {"S": "A-1"}}}, expected)
    sent = []
    event, remember = "provide-client-params.dynamodb.UpdateItem", lambda params, **_: sent.append(params)
    aws.dynamodb.meta.events.register(event, remember)
    try:
        assert aws.decide() == (True, "listed")
    finally:
        aws.dynamodb.meta.events.unregister(event, remember)
    assert sent[-1]["ExpressionAttributeValues"][":earlier"] == {"S": EARLIER}
    assert sent[-1]["ConditionExpression"].endswith("AND certificate_id = :earlier")


@pytest.mark.parametrize("calls", [0, 1, 2])
def test_a_call_that_could_not_end_in_time_is_not_begun(aws, calls):
    remaining = iter([5.0] * calls + [LEAST_SECONDS - 0.01])
    if calls >= 1:
        aws.held()
    if calls >= 2:
        aws.fails(aws.certificates, "describe_certificate", "ResourceNotFoundException", 404)
    assert aws.decide(lambda: next(remaining)) == (False, "no time left to decide")


def test_a_second_try_that_could_not_end_in_time_is_not_begun(aws):
    remaining = iter([5.0, LEAST_SECONDS - 0.01])
    aws.fails(aws.tables, "update_item", "InternalServerError", 500)
    assert aws.decide(lambda: next(remaining)) == (False, "no time left to decide")


def test_a_call_of_the_deployed_clients_gives_up_within_the_seconds_that_are_kept_for_it():
    config = hook_handler._CONFIG
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout < LEAST_SECONDS


def test_an_endpoint_that_nobody_listens_at_denies_before_aws_iot_gives_up():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    client = a_client("dynamodb", f"http://127.0.0.1:{port}")
    hook = Hook(hook_settings(), client, lambda: None, lambda: NOW)
    started = time.monotonic()
    decision = hook.decide(a_request(), lambda: 5 - (time.monotonic() - started))
    assert (decision.allowed, decision.reason) == (False, "no answer of AWS: EndpointConnectionError")
    assert time.monotonic() - started < 4
