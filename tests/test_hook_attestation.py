"""The hook that wants a proof: over DynamoDB and KMS of the emulator."""

from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from device_provisioning.lambdas.pre_provisioning_hook.settings import Attestation
from tests.support.hooks import devices_in
from tests.support.proving import BATCH, Bench, a_key, authenticated, derived_key, public_pem, signed, text

NOT_PROVEN = (False, "the device does not prove that it is the one it says")
LISTED = (True, "listed")


@pytest.fixture(scope="module")
def kms(emulator):
    return emulator.client("kms")


@pytest.fixture(scope="module")
def devices(emulator, kms):
    with devices_in(emulator.client("dynamodb"), kms) as devices:
        yield devices


@pytest.fixture(autouse=True)
def open_batch(devices):
    devices.open_batch(BATCH)


@pytest.fixture(scope="module")
def hmac_key(kms):
    return kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]


@pytest.fixture(scope="module")
def derived(hmac_key):
    return Attestation({BATCH: hmac_key, "line-5": hmac_key}, {})


@pytest.fixture(scope="module")
def bench():
    return Bench()


@pytest.fixture
def proves(kms, hmac_key):
    def proof(serial_number, key, batch=BATCH):
        return authenticated(derived_key(kms, hmac_key, batch, serial_number), serial_number, key, batch)

    return proof


def test_a_device_with_a_derived_key_proves_itself(devices, derived, bench, proves):
    devices.put("P-1", batch_name={"S": BATCH})
    key = a_key()
    assert devices.outcome(bench.request("P-1", key, proves("P-1", key)), attestation=derived) == LISTED


def test_a_record_that_names_no_batch_gets_the_one_of_the_proof(devices, derived, bench, proves):
    devices.put("P-2")
    key = a_key()
    assert devices.outcome(bench.request("P-2", key, proves("P-2", key)), attestation=derived) == LISTED
    assert devices.record("P-2")["batch_name"] == {"S": BATCH}


def test_a_thief_with_claim_and_serial_number_gets_nothing(devices, derived, bench, proves):
    """Neither without a proof, nor with one that was overheard, nor with that of another device."""
    devices.put("P-3")
    key, stolen = a_key(), a_key()
    overheard = proves("P-3", key)
    for proof in (None, "", overheard, proves("P-4", stolen), text(BATCH, b"\0" * 32)):
        assert devices.outcome(bench.request("P-3", stolen, proof), attestation=derived) == NOT_PROVEN
    assert devices.record("P-3") == {"serial_number": {"S": "P-3"}}
    assert devices.outcome(bench.request("P-3", key, overheard), attestation=derived) == LISTED


def test_a_proof_of_another_batch_is_none(devices, derived, bench, proves):
    devices.open_batch("line-5")
    devices.put("P-5", batch_name={"S": BATCH})
    key = a_key()
    mine, other = proves("P-5", key), proves("P-5", key, "line-5")
    renamed = other.replace("line-5", BATCH)
    for proof in (other, renamed, mine.replace(BATCH, "line-5"), mine.replace(BATCH, "line-6")):
        assert devices.outcome(bench.request("P-5", key, proof), attestation=derived) == NOT_PROVEN


@pytest.mark.parametrize("maker", [a_key(), rsa.generate_private_key(65537, 2048)], ids=["EC", "RSA"])
def test_the_signature_of_the_maker_is_a_proof_by_the_key_of_the_batch(devices, bench, maker):
    devices.open_batch(BATCH, public_key={"S": public_pem(maker)})
    devices.put("P-6")
    key, stolen = a_key(), a_key()
    attestation = Attestation({}, {})
    proof = signed(maker, "P-6", key)
    for event in (
        bench.request("P-6", stolen, proof),
        bench.request("P-6", key, signed(a_key(), "P-6", key)),
        bench.request("P-6", key, signed(maker, "P-7", key)),
    ):
        assert devices.outcome(event, attestation=attestation) == NOT_PROVEN
    assert devices.outcome(bench.request("P-6", key, proof), attestation=attestation) == LISTED


@pytest.mark.parametrize("spec", ["ECC_NIST_P256", "RSA_2048"])
def test_the_signature_of_a_key_in_kms_is_a_proof(devices, bench, kms, spec):
    arn = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    algorithm = "ECDSA_SHA_256" if spec.startswith("ECC") else "RSASSA_PKCS1_V1_5_SHA_256"
    serial_number = f"P-{algorithm.partition('_')[0]}"
    devices.put(serial_number)
    key, attestation = a_key(), Attestation({}, {BATCH: arn})

    class Maker:
        def sign(self, message, _algorithm):
            return kms.sign(KeyId=arn, Message=message, SigningAlgorithm=algorithm)["Signature"]

    proof = signed(Maker(), serial_number, key)
    assert devices.outcome(bench.request("P-8", key, proof), attestation=attestation) == NOT_PROVEN
    assert devices.outcome(bench.request(serial_number, key, proof), attestation=attestation) == LISTED


def test_a_key_that_is_disabled_proves_nothing_any_more(devices, bench, kms):
    arn = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]
    devices.put("P-9")
    key = a_key()
    proof = authenticated(derived_key(kms, arn, BATCH, "P-9"), "P-9", key)
    kms.disable_key(KeyId=arn)
    allowed, reason = devices.outcome(
        bench.request("P-9", key, proof), attestation=Attestation({BATCH: arn}, {})
    )
    assert (allowed, reason) == (False, "GenerateMac failed: DisabledException")


def test_a_key_of_a_batch_that_is_none_denies_and_says_so(devices, bench):
    devices.open_batch(BATCH, public_key={"S": "-----BEGIN PUBLIC KEY-----"})
    devices.put("P-10")
    event = bench.request("P-10", a_key(), text(BATCH, b"x"))
    expected = (False, "the proof of the device can't be judged: the public key can't be read")
    assert devices.outcome(event, attestation=Attestation({}, {})) == expected


def test_a_batch_without_a_key_is_proven_by_nothing(devices, bench):
    devices.put("P-11")
    event = bench.request("P-11", a_key(), text(BATCH, b"x"))
    assert devices.outcome(event, attestation=Attestation({}, {})) == NOT_PROVEN


@contextmanager
def calls_of(*clients):
    """The operations that are called meanwhile."""
    calls = []

    def note(model, **_):
        calls.append(model.name)

    for client in clients:
        client.meta.events.register("before-call", note)
    try:
        yield calls
    finally:
        for client in clients:
            client.meta.events.unregister("before-call", note)


def test_a_thief_costs_nothing_before_its_proof_has_the_form_of_one(devices, derived, bench):
    event = bench.request("P-13", a_key(), "nonsense")
    with calls_of(devices.client, devices.kms) as calls:
        assert devices.outcome(event, attestation=derived) == NOT_PROVEN
    assert calls == []


def test_a_proof_costs_one_read_one_call_of_kms_and_the_reservation(devices, derived, bench, proves):
    devices.put("P-14", batch_name={"S": BATCH})
    key = a_key()
    event = bench.request("P-14", key, proves("P-14", key))
    with calls_of(devices.client, devices.kms) as calls:
        assert devices.outcome(event, attestation=derived) == LISTED
    assert calls == ["GetItem", "GenerateMac", "TransactWriteItems"]


def test_a_batch_without_a_list_lets_in_who_proves_itself_and_remembers_it(devices, derived, bench, proves):
    devices.open_batch(BATCH, without_list={"BOOL": True}, device_quota={"N": "1"})
    key, other = a_key(), a_key()
    event = bench.request("P-15", key, proves("P-15", key))
    assert devices.outcome(bench.request("P-15", other, None), attestation=derived) == NOT_PROVEN
    assert devices.registers(event, attestation=derived).allowed
    record = devices.record("P-15")
    assert record["certificate_id"] == {"S": event["certificateId"]}
    assert record["batch_name"] == {"S": BATCH}
    again = bench.request("P-15", other, proves("P-15", other))
    assert devices.outcome(again, attestation=derived) == (False, "already provisioned")
    late = bench.request("P-16", other, proves("P-16", other))
    assert devices.outcome(late, attestation=derived) == (False, "its batch is full")
    assert devices.record("P-16") is None


def test_an_operator_blocks_a_device_of_a_batch_without_a_list(devices, derived, bench, proves):
    devices.open_batch(BATCH, without_list={"BOOL": True})
    devices.put("P-17", blocked={"BOOL": True})
    key = a_key()
    event = bench.request("P-17", key, proves("P-17", key))
    assert devices.outcome(event, attestation=derived) == (False, "blocked")


def test_a_hook_that_wants_no_proof_lets_nobody_in_without_a_list(devices, bench, proves):
    devices.open_batch(BATCH, without_list={"BOOL": True})
    key = a_key()
    event = bench.request("P-18", key, proves("P-18", key))
    assert devices.outcome(event) == (False, "not on the allow list")


@pytest.mark.parametrize(
    ("quota", "reason"),
    [
        ({"N": "0"}, "its batch is full"),
        ({"N": "-1"}, "its batch is full"),
        ({"S": "many"}, "device_quota of the record of its batch is malformed"),
        ({"NULL": True}, "device_quota of the record of its batch is malformed"),
    ],
)
def test_a_quota_that_has_no_place_lets_not_even_the_first_device_in(
    devices, derived, bench, proves, quota, reason
):
    devices.open_batch(BATCH, device_quota=quota)
    devices.put("P-19", batch_name={"S": BATCH})
    key = a_key()
    event = bench.request("P-19", key, proves("P-19", key))
    assert devices.outcome(event, attestation=derived) == (False, reason)
    assert "certificate_id" not in devices.record("P-19")


class Meanwhile:
    """A client before whose first transaction something else happens."""

    def __init__(self, client, happens):
        self._client, self._happens = client, [happens]

    def __getattr__(self, operation):
        return getattr(self._client, operation)

    def transact_write_items(self, **settings):
        while self._happens:
            self._happens.pop()()
        return self._client.transact_write_items(**settings)


@pytest.mark.parametrize("without_list", [True, False])
def test_a_proof_by_a_key_that_the_batch_loses_meanwhile_is_none(devices, bench, without_list):
    lost, maker, key = a_key(), a_key(), a_key()
    serial_number = f"P-20-{without_list}"
    if not without_list:
        devices.put(serial_number)

    def open_with(signer):
        said = {"without_list": {"BOOL": without_list}, "public_key": {"S": public_pem(signer)}}
        devices.open_batch(BATCH, **said)

    open_with(lost)
    event = bench.request(serial_number, key, signed(lost, serial_number, key))
    client = Meanwhile(devices.client, lambda: open_with(maker))
    assert devices.outcome(event, client=client, attestation=Attestation({}, {})) == NOT_PROVEN
    assert "certificate_id" not in (devices.record(serial_number) or {})
