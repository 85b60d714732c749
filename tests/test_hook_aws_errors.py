"""What AWS may answer the hook: every failure is a denial with a reason, and in time."""

import socket
import time

import pytest
from botocore.config import Config
from botocore.session import Session
from botocore.stub import Stubber

from device_provisioning.lambdas.pre_provisioning_hook import handler as hook_handler
from device_provisioning.lambdas.pre_provisioning_hook.hook import Hook
from device_provisioning.records.calls import LEAST_SECONDS
from tests.support.hooks import NOW, SETTLED, a_certificate_id, a_request, hook_settings, plenty_of_time

EARLIER = "e" * 64
SERVER_ERRORS = ["InternalServerError", "InternalFailure", "ServiceUnavailable"]
CLIENT_ERRORS = [
    "AccessDeniedException",
    "IdempotentParameterMismatchException",
    "ResourceNotFoundException",
    "UnrecognizedClientException",
    "ValidationException",
]
BUSY = [
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionConflictException",
    "TransactionInProgressException",
]
BUSY_REASONS = ["ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"]
HOLDS = {"Code": "None"}


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
            "reserved_at": {"N": str(NOW)},
            **attributes,
        }
        self.cancelled(HOLDS, {"Code": "ConditionalCheckFailed", "Item": record})

    def cancelled(self, *reasons):
        """The table answers that nothing was written, with a reason for each action."""
        self.tables.add_client_error(
            "transact_write_items",
            "TransactionCanceledException",
            http_status_code=400,
            modeled_fields={"CancellationReasons": list(reasons)},
        )

    def fails(self, stubber, operation, code, status):
        stubber.add_client_error(operation, code, http_status_code=status)

    def decide(self, seconds_left=plenty_of_time):
        self.slept = []
        hook = Hook(
            hook_settings(),
            self.dynamodb,
            lambda: self.iot,
            lambda: None,
            lambda: SETTLED,
            sleep=self.slept.append,
        )
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
    aws.fails(aws.tables, "transact_write_items", code, 400)
    assert aws.decide() == (False, f"TransactWriteItems failed: {code}")


@pytest.mark.parametrize("code", [code for code in CLIENT_ERRORS if code != "ResourceNotFoundException"])
def test_an_error_of_aws_iot_denies(aws, code):
    aws.held()
    aws.fails(aws.certificates, "describe_certificate", code, 400)
    assert aws.decide() == (False, f"DescribeCertificate failed: {code}")


@pytest.mark.parametrize("code", CLIENT_ERRORS)
def test_an_error_while_the_reservation_moves_denies(aws, code):
    aws.held()
    aws.fails(aws.certificates, "describe_certificate", "ResourceNotFoundException", 404)
    aws.fails(aws.tables, "transact_write_items", code, 400)
    assert aws.decide() == (False, f"TransactWriteItems failed: {code}")


@pytest.mark.parametrize("code", SERVER_ERRORS)
def test_an_error_of_the_service_itself_is_tried_once_more(aws, code):
    aws.fails(aws.tables, "transact_write_items", code, 500)
    aws.fails(aws.tables, "transact_write_items", code, 500)
    assert aws.decide() == (False, f"TransactWriteItems failed: {code}")


def test_a_call_that_works_the_second_time_lets_the_device_through(aws):
    aws.fails(aws.tables, "transact_write_items", "InternalServerError", 500)
    aws.tables.add_response("transact_write_items", {})
    assert aws.decide() == (True, "listed")


@pytest.mark.parametrize("code", BUSY)
def test_a_table_that_is_busy_is_asked_again_while_there_is_time(aws, code):
    for _ in range(5):
        aws.fails(aws.tables, "transact_write_items", code, 400)
    aws.tables.add_response("transact_write_items", {})
    assert aws.decide() == (True, "listed")
    assert len(set(aws.slept)) == 5
    assert all(0 < seconds < 0.5 for seconds in aws.slept)


@pytest.mark.parametrize("code", BUSY)
def test_aws_iot_that_is_busy_is_asked_again_while_there_is_time(aws, code):
    aws.held()
    for _ in range(5):
        aws.fails(aws.certificates, "describe_certificate", code, 400)
    described = {"certificateDescription": {"status": "PENDING_ACTIVATION"}}
    aws.certificates.add_response("describe_certificate", described, {"certificateId": EARLIER})
    aws.tables.add_response("transact_write_items", {})
    assert aws.decide() == (True, "listed")


@pytest.mark.parametrize("code", BUSY_REASONS)
def test_a_transaction_that_meets_another_is_sent_again(aws, code):
    aws.cancelled(HOLDS, {"Code": code})
    aws.cancelled({"Code": code}, {"Code": "ConditionalCheckFailed", "Item": {"serial_number": {"S": "A-1"}}})
    aws.tables.add_response("transact_write_items", {})
    assert aws.decide() == (True, "listed")


@pytest.mark.parametrize("code", BUSY)
def test_aws_that_stays_busy_denies_and_says_so(aws, code):
    remaining = iter([5.0, 4.0, 3.0, LEAST_SECONDS - 0.01])
    for _ in range(3):
        aws.fails(aws.tables, "transact_write_items", code, 400)
    assert aws.decide(lambda: next(remaining)) == (False, f"AWS is busy: {code}")


def test_a_transaction_that_can_never_be_carried_out_denies(aws):
    aws.cancelled(HOLDS, {"Code": "ValidationError"})
    assert aws.decide() == (False, "TransactWriteItems failed: TransactionCanceledException")


def test_a_record_that_cannot_be_seen_is_no_record(aws):
    aws.cancelled(HOLDS, {"Code": "ConditionalCheckFailed"})
    assert aws.decide() == (False, "not on the allow list")


def test_somebody_who_was_faster_keeps_the_reservation(aws):
    aws.held()
    aws.fails(aws.certificates, "describe_certificate", "ResourceNotFoundException", 404)
    other = a_certificate_id()
    aws.held(certificate_id={"S": other}, reserved_at={"N": str(SETTLED)})
    described = {"certificateDescription": {"status": "PENDING_ACTIVATION"}}
    aws.certificates.add_response("describe_certificate", described, {"certificateId": other})
    assert aws.decide() == (False, "another registration of this serial number is in progress")


def test_a_record_that_changes_all_the_time_is_left_to_the_others(aws):
    for seconds in range(4):
        aws.held(reserved_at={"N": str(NOW - seconds)})
    for _ in range(3):
        aws.fails(aws.certificates, "describe_certificate", "ResourceNotFoundException", 404)
    assert aws.decide() == (False, "another registration of this serial number was faster")


def test_a_call_that_is_made_again_is_the_same_to_dynamodb(aws):
    sent = []
    event, remember = "provide-client-params.dynamodb", lambda params, **_: sent.append(params)
    aws.fails(aws.tables, "transact_write_items", "InternalServerError", 500)
    aws.fails(aws.tables, "transact_write_items", "TransactionInProgressException", 400)
    aws.tables.add_response("transact_write_items", {})
    aws.dynamodb.meta.events.register(event, remember)
    try:
        assert aws.decide() == (True, "listed")
    finally:
        aws.dynamodb.meta.events.unregister(event, remember)
    assert len(sent) == 3
    assert sent[0] == sent[1] == sent[2]
    assert 1 <= len(sent[0]["ClientRequestToken"]) <= 36


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
    aws.fails(aws.tables, "transact_write_items", "InternalServerError", 500)
    assert aws.decide(lambda: next(remaining)) == (False, "no time left to decide")


def test_a_call_of_the_deployed_clients_gives_up_within_the_seconds_that_are_kept_for_it():
    config = hook_handler._CONFIG
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout < LEAST_SECONDS


def test_an_endpoint_that_nobody_listens_at_denies_before_aws_iot_gives_up():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    client = a_client("dynamodb", f"http://127.0.0.1:{port}")
    hook = Hook(hook_settings(), client, lambda: None, lambda: None, lambda: NOW)
    started = time.monotonic()
    decision = hook.decide(a_request(), lambda: 5 - (time.monotonic() - started))
    assert (decision.allowed, decision.reason) == (False, "no answer from AWS: EndpointConnectionError")
    assert time.monotonic() - started < 4
