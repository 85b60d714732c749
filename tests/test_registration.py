"""The steps of just-in-time registration, against the emulator: all of them, or none."""

import uuid
from contextlib import contextmanager
from functools import cache, partial

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from device_provisioning.lambdas.just_in_time_registration import registration
from device_provisioning.lambdas.just_in_time_registration.allow_list import LEASE_SECONDS
from device_provisioning.lambdas.just_in_time_registration.reasons import Denied, Failed
from device_provisioning.lambdas.just_in_time_registration.registration import Registration
from device_provisioning.lambdas.just_in_time_registration.settings import Settings
from tests.support.certificates import an_authority, pem_of, revoked, subject
from tests.support.detaching import once_detached, settled
from tests.support.ended_functions import each_end
from tests.support.hooks import MeetsTransactions
from tests.support.knocking import certificate_id, knock

NOW = 1_800_000_000
POLICY = "jitr-pump"


class Bench:
    """A CA that registers automatically, an allow list and a policy."""

    def __init__(self, emulator):
        self.emulator = emulator
        self.authority = an_authority()
        self.name = f"jitr-{uuid.uuid4().hex[:8]}"
        self.client = cache(emulator.client)
        self.iot, self.dynamodb = self.client("iot"), self.client("dynamodb")
        self.now = NOW
        self.ca_id = self.iot.register_ca_certificate(
            caCertificate=pem_of(self.authority.certificate).decode(),
            certificateMode="SNI_ONLY",
            setAsActive=True,
            allowAutoRegistration=True,
        )["certificateId"]
        self.dynamodb.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.list_device("pump-1")

    def list_device(self, name, **more):
        self.dynamodb.put_item(TableName=self.name, Item={"serial_number": {"S": name}, **more})

    def record(self, name):
        return self.dynamodb.get_item(TableName=self.name, Key={"serial_number": {"S": name}})["Item"]

    def connects(self, name="pump-1"):
        """A new device with a pending certificate; the event of AWS IoT."""
        issued = self.authority.issue(subject(name), 1)
        knock(self.emulator, issued)
        return {"certificateId": certificate_id(issued.certificate_pem), "caCertificateId": self.ca_id}

    def register(self, event, clients=None, **settings):
        defaults = {
            "ca_certificate_id": self.ca_id,
            "ca_certificate": pem_of(self.authority.certificate),
            "table_name": self.name,
            "policy_name": POLICY,
            "thing_name_prefix": "pump-",
            "revocation_list_bucket": None,
            "revocation_list_key": "revoked.pem",
            "metrics_namespace": "Test",
        }
        made = Settings(**{**defaults, **settings})
        return Registration(made, clients or self.client, lambda: self.now).register(event)

    def certificate(self, event):
        return self.iot.describe_certificate(certificateId=event["certificateId"])["certificateDescription"]

    def what_it_has(self, event):
        """Status, policies and things of a certificate."""
        certificate = self.certificate(event)
        policies = self.iot.list_attached_policies(target=certificate["certificateArn"])["policies"]
        listed = self.iot.list_principal_things_v2(principal=certificate["certificateArn"])
        things = [each["thingName"] for each in listed["principalThingObjects"]]
        assert {each["thingPrincipalType"] for each in listed["principalThingObjects"]} <= {"EXCLUSIVE_THING"}
        return certificate["status"], [policy["policyName"] for policy in policies], things

    def remove(self, name):
        """Let there be no such thing."""
        if name in self.things():
            for principal in self.iot.list_thing_principals(thingName=name)["principals"]:
                self.iot.detach_thing_principal(thingName=name, principal=principal)
        once_detached(self.iot.delete_thing, thingName=name)

    def things(self):
        return [thing["thingName"] for thing in self.iot.list_things()["things"]]


NOTHING = ("PENDING_ACTIVATION", [], [])


@pytest.fixture(scope="module", autouse=True)
def policy(emulator):
    iot = emulator.client("iot")
    iot.create_policy(policyName=POLICY, policyDocument='{"Version": "2012-10-17", "Statement": []}')


@pytest.fixture(scope="module")
def one_bench(emulator):
    return Bench(emulator)


@pytest.fixture
def bench(one_bench):
    bench = one_bench
    bench.now = NOW
    bench.list_device("pump-1")
    bench.dynamodb.delete_item(TableName=bench.name, Key={"serial_number": {"S": "pump-2"}})
    yield bench
    for name in ("pump-1", "pump-2"):
        bench.remove(name)


class Breaking:
    """A client whose calls fail from one on, before or after they worked."""

    def __init__(self, client, operation, *, worked=False):
        self._client, self._operation, self._worked = client, operation, worked

    def __getattr__(self, name):
        call = getattr(self._client, name)
        if name != self._operation:
            return call

        def fail(**arguments):
            if self._worked:
                call(**arguments)
            raise refused(name, status=503 if self._worked else 401)

        return fail


def refused(operation, status=401, **metadata):
    """What AWS answers that has done nothing."""
    answer = {
        "Error": {"Code": "UnauthorizedException"},
        "ResponseMetadata": {"HTTPStatusCode": status, **metadata},
    }
    return ClientError(answer, operation)


def unanswered(operation):
    """What AWS answers that may have done it."""
    return refused(operation, status=503)


def test_a_listed_device_gets_thing_policy_and_an_active_certificate(bench):
    event = bench.connects()
    assert bench.what_it_has(event) == NOTHING
    assert bench.register(event) == "pump-1"
    assert bench.what_it_has(event) == ("ACTIVE", [POLICY], ["pump-1"])


def test_a_record_that_meets_a_transaction_is_leased_a_moment_later(bench):
    clients = {"iot": bench.iot, "dynamodb": MeetsTransactions(bench.dynamodb)}
    event = bench.connects()
    assert bench.register(event, clients.__getitem__) == "pump-1"
    assert bench.record("pump-1")["certificate_id"] == {"S": event["certificateId"]}


def test_the_event_again_changes_nothing(bench):
    event = bench.connects()
    bench.register(event)
    before = bench.record("pump-1")
    bench.now += LEASE_SECONDS + 1
    assert bench.register(event) == "pump-1"
    assert bench.record("pump-1") == before
    assert bench.what_it_has(event) == ("ACTIVE", [POLICY], ["pump-1"])


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"blocked": {"BOOL": True}}, "blocked"),
        ({"blocked": {"S": "yes"}}, "blocked"),
        ({"expires_at": {"N": str(NOW)}}, "expired"),
    ],
)
def test_a_record_that_does_not_let_a_device_through_denies_it(bench, record, reason):
    event = bench.connects()
    bench.list_device("pump-1", **record)
    with pytest.raises(Denied, match=reason):
        bench.register(event)
    assert bench.what_it_has(event) == NOTHING
    assert "pump-1" not in bench.things()


def test_a_device_that_is_not_listed_is_denied_and_may_be_listed_later(bench):
    event = bench.connects("pump-2")
    with pytest.raises(Denied, match="not on the allow list"):
        bench.register(event)
    bench.list_device("pump-2")
    assert bench.register(event) == "pump-2"


def test_a_second_certificate_of_the_same_name_is_denied(bench):
    bench.register(bench.connects())
    with pytest.raises(Denied, match="another certificate"):
        bench.register(bench.connects())


def test_a_certificate_that_was_taken_out_of_use_stays_so(bench):
    event = bench.connects()
    bench.iot.update_certificate(certificateId=event["certificateId"], newStatus="REVOKED")
    with pytest.raises(Denied, match="the certificate is REVOKED"):
        bench.register(event)


def test_a_certificate_of_another_ca_is_denied(bench, emulator):
    with pytest.raises(Denied, match="of another CA"):
        bench.register(Bench(emulator).connects())


@pytest.mark.parametrize("event", [None, {}, {"certificateId": 7}, {"certificateId": "../" * 21 + "x"}])
def test_an_event_that_names_no_certificate_is_denied(bench, event):
    with pytest.raises(Denied, match="names no certificate"):
        bench.register(event)


@pytest.mark.parametrize("worked", [False, True], ids=["before-it-worked", "after-it-worked"])
@pytest.mark.parametrize(
    "operation", ["create_thing", "attach_policy", "attach_thing_principal", "update_certificate"]
)
def test_whatever_fails_nothing_is_half_done_and_the_event_again_completes_it(bench, operation, worked):
    event, real = bench.connects(), bench.client

    def clients(service):
        return Breaking(real(service), operation, worked=worked) if service == "iot" else real(service)

    if (operation, worked) == ("update_certificate", True):
        bench.register(event, clients)
    else:
        with pytest.raises(ClientError):
            bench.register(event, clients)
        assert settled(lambda: bench.what_it_has(event)) == NOTHING
        assert "pump-1" not in bench.things()
        bench.register(event)
    assert bench.what_it_has(event) == ("ACTIVE", [POLICY], ["pump-1"])


def test_what_may_be_active_keeps_all_that_it_needs_until_the_event_comes_again(bench):
    event, real = bench.connects(), bench.client

    class Deaf(Breaking):
        """AWS IoT, which activates, and from then on is not heard."""

        _activated = False

        def update_certificate(self, **arguments):
            self._activated = True
            self._client.update_certificate(**arguments)
            raise EndpointConnectionError(endpoint_url="https://iot")

        def describe_certificate(self, **arguments):
            if self._activated:
                raise EndpointConnectionError(endpoint_url="https://iot")
            return self._client.describe_certificate(**arguments)

    iot = Deaf(real("iot"), "none")
    with pytest.raises(Failed, match="not known whether the certificate became active"):
        bench.register(event, lambda service: iot if service == "iot" else real(service))
    assert bench.what_it_has(event) == ("ACTIVE", [POLICY], ["pump-1"])
    assert bench.register(event) == "pump-1"
    bench.now += LEASE_SECONDS + 1
    with pytest.raises(Denied, match="another certificate"):
        bench.register(bench.connects())


@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url="https://iot"),
        unanswered("UpdateCertificate"),
        refused("UpdateCertificate", RetryAttempts=1),
    ],
    ids=["no answer", "a fault of AWS", "a refusal after a call that may have worked"],
)
def test_what_may_become_active_later_keeps_all_that_it_needs(bench, error):
    event, real = bench.connects(), bench.client

    class Late(Breaking):
        """AWS IoT, which activates a certificate after it was asked about it."""

        def update_certificate(self, **_arguments):
            raise error

    iot = Late(real("iot"), "none")
    with pytest.raises(Failed, match="not known whether the certificate became active"):
        bench.register(event, lambda service: iot if service == "iot" else real(service))
    bench.iot.update_certificate(certificateId=event["certificateId"], newStatus="ACTIVE")
    assert bench.what_it_has(event) == ("ACTIVE", [POLICY], ["pump-1"])


class Detaching(Breaking):
    """AWS IoT, which fails to activate, and lets go of a thing after some calls of DeleteThing only."""

    def __init__(self, client, refusals):
        super().__init__(client, "update_certificate", worked=False)
        self.refusals = refusals

    def delete_thing(self, **arguments):
        if self.refusals:
            self.refusals -= 1
            raise ClientError({"Error": {"Code": "InvalidRequestException"}}, "DeleteThing")
        return self._client.delete_thing(**arguments)


@pytest.mark.parametrize(("refusals", "left"), [(1, []), (9, ["pump-1"])])
def test_an_undo_waits_until_the_thing_is_detached_and_never_hides_the_first_error(
    bench, monkeypatch, refusals, left
):
    monkeypatch.setattr(registration.time, "sleep", lambda _: None)
    event, real = bench.connects(), bench.client
    iot = Detaching(real("iot"), refusals)
    with pytest.raises(ClientError) as failure:
        bench.register(event, lambda service: iot if service == "iot" else real(service))
    first, *rest = registration.reason(failure.value).split("; ")
    assert first.startswith("update_certificate failed")
    assert rest == ["DeleteThing failed: InvalidRequestException" for _ in left]
    assert [name for name in bench.things() if name == "pump-1"] == left
    bench.register(event)
    assert bench.what_it_has(event) == ("ACTIVE", [POLICY], ["pump-1"])


@contextmanager
def a_device(bench):
    """A listed device that has just connected, and the run that registers it."""
    bench.now = NOW
    bench.list_device("pump-1")
    event = bench.connects()
    yield event, lambda: bench.register(event)
    bench.remove("pump-1")


def test_a_run_that_ended_at_any_of_its_calls_is_completed_by_the_next_and_lets_nobody_else_in(
    bench, monkeypatch
):
    for event in each_end(monkeypatch, partial(a_device, bench)):
        assert bench.certificate(event)["status"] in {"PENDING_ACTIVATION", "ACTIVE"}
        bench.now += LEASE_SECONDS + 1
        assert bench.register(event) == "pump-1"
        assert bench.what_it_has(event) == ("ACTIVE", [POLICY], ["pump-1"])
        with pytest.raises(Denied, match="another certificate"):
            bench.register(bench.connects())


def test_whatever_end_a_run_comes_to_the_name_is_free_for_another_certificate(bench, monkeypatch):
    for event in each_end(monkeypatch, partial(a_device, bench)):
        assert bench.certificate(event)["status"] == "PENDING_ACTIVATION"
        bench.now += LEASE_SECONDS + 1
        other = bench.connects()
        assert bench.register(other) == "pump-1"
        assert bench.record("pump-1")["certificate_id"] == {"S": other["certificateId"]}
        with pytest.raises(Denied, match="another certificate"):
            bench.register(event)


def test_a_name_whose_certificate_never_became_active_is_not_taken_while_it_may_register(bench):
    first, other = bench.connects(), bench.connects()
    lease = {"certificate_id": {"S": first["certificateId"]}, "reserved_at": {"N": str(NOW)}}
    bench.list_device("pump-1", **lease)
    with pytest.raises(Failed, match="is in progress"):
        bench.register(other)
    bench.now += LEASE_SECONDS + 1
    assert bench.register(other) == "pump-1"


def test_a_thing_that_was_there_before_stays_when_a_registration_fails(bench):
    event = bench.connects()
    bench.iot.create_thing(thingName="pump-1", attributePayload={"attributes": {"line": "7"}})
    with pytest.raises(ClientError):
        bench.register(event, policy_name="no-such-policy")
    assert bench.iot.describe_thing(thingName="pump-1")["attributes"] == {"line": "7"}
    bench.register(event)
    assert bench.iot.describe_thing(thingName="pump-1")["attributes"] == {"line": "7"}


def test_two_runs_for_one_certificate_never_meet(bench):
    event = bench.connects()
    lease = {"certificate_id": {"S": event["certificateId"]}, "claimed_at": {"N": str(NOW)}}
    bench.list_device("pump-1", **lease)
    with pytest.raises(Failed, match="is in progress"):
        bench.register(event)
    bench.now += LEASE_SECONDS + 1
    assert bench.register(event) == "pump-1"


def test_a_revoked_device_is_denied_and_a_missing_list_lets_nobody_through(bench):
    s3, name = bench.client("s3"), bench.name
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    event = bench.connects()
    with pytest.raises(ClientError, match="NoSuchKey"):
        bench.register(event, revocation_list_bucket=name)
    pem = bench.certificate(event)["certificatePem"].encode()
    s3.put_object(Bucket=name, Key="revoked.pem", Body=revoked(bench.authority, pem))
    with pytest.raises(Denied, match="certificate revoked"):
        bench.register(event, revocation_list_bucket=name)
    s3.put_object(Bucket=name, Key="revoked.pem", Body=revoked(bench.authority))
    assert bench.register(event, revocation_list_bucket=name) == "pump-1"
