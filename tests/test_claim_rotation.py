"""The rotation of a claim certificate, step by step as Secrets Manager asks for it, on the emulator."""

import json
import socket
import ssl
import threading
import uuid
from contextlib import contextmanager, suppress

import pytest
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template
from botocore.exceptions import ClientError

from device_provisioning.aws_iot.claim_policy import claim_policy
from device_provisioning.aws_iot.environment import Environment
from device_provisioning.aws_iot.fleet_body import fleet_body
from device_provisioning.cdk import ClaimCertificate, ProvisioningTemplate
from device_provisioning.fleet.claim_rotation import claim_rotation_environment
from device_provisioning.fleet.functions import CLAIM_ROTATION
from device_provisioning.lambdas.custom_resources import claim_certificate, claim_rotation
from tests.support.certificates import an_authority, subject
from tests.support.client_ids import connects
from tests.support.detaching import settled
from tests.support.ended_functions import each_end
from tests.support.rotated_claims import RotatedClaim, reach
from tests.support.synthesis import a_stack, only, own_part, properties, synthesised
from workshop.emulator import ACCOUNT, REGION

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
IRELAND = Environment(ACCOUNT, REGION)


class Claim(RotatedClaim):
    """A claim certificate in a secret, made as the stack makes it."""

    def __init__(self, emulator):
        self.name = f"rotated-{uuid.uuid4().hex[:8]}"
        secret_id = emulator.client("secretsmanager").create_secret(Name=self.name)["ARN"]
        super().__init__(emulator, secret_id)
        self.properties = {"SecretId": self.secret_id}
        self.iot.create_policy(
            policyName=self.name, policyDocument=json.dumps(claim_policy(self.name, IRELAND))
        )
        made = {"RequestType": "Create", "RequestId": str(uuid.uuid4())}
        event = {**made, "ResourceProperties": self.properties}
        self.physical_id = claim_certificate.handle(event, lambda: 60).physical_id
        self.iot.attach_policy(policyName=self.name, target=self.stored()["certificateArn"])


@pytest.fixture
def claim(emulator, monkeypatch):
    reach(emulator, monkeypatch)
    claim = Claim(emulator)
    monkeypatch.setenv("POLICY_NAME", claim.name)
    monkeypatch.setenv("CLIENT_ID", "claim-rotation")
    return claim


def holders(claim):
    return claim.iot.list_targets_for_policy(policyName=claim.name)["targets"]


def test_the_rotated_claim_works_and_the_old_one_does_not(claim):
    old = claim.stored()
    claim.step("createSecret", "setSecret", "testSecret")
    assert claim.connects(old)
    assert claim.stored() == old
    claim.step("finishSecret")
    new = claim.stored()
    assert new["certificateId"] != old["certificateId"]
    assert (claim.connects(new), claim.connects(old)) == (True, False)
    assert (claim.status(new), claim.status(old)) == ("ACTIVE", "GONE")


def test_every_step_may_be_repeated(claim):
    old = claim.stored()
    before = {c["certificateId"] for c in claim.iot.list_certificates()["certificates"]}
    for step in STEPS:
        claim.step(step, step)
    after = {c["certificateId"] for c in claim.iot.list_certificates()["certificates"]}
    assert after - before == {claim.stored()["certificateId"]}
    assert before - after == {old["certificateId"]}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_comes_after_a_newer_rotation_changes_nothing(claim, step):
    claim.step(*STEPS)
    late, claim.token = claim.token, str(uuid.uuid4())
    claim.step(*STEPS)
    current, claim.token = claim.stored(), late
    before = claim.iot.list_certificates()["certificates"]
    with pytest.raises(claim_rotation.Refused, match="a newer rotation has taken the place"):
        claim.step(step)
    assert claim.stored() == current
    assert claim.connects(current)
    assert claim.iot.list_certificates()["certificates"] == before


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_comes_after_its_rotation_is_over_changes_nothing(claim, step):
    claim.step(*STEPS)
    current, before = claim.stored(), claim.iot.list_certificates()["certificates"]
    claim.step(step)
    assert claim.stored() == current
    assert claim.connects(current)
    assert claim.iot.list_certificates()["certificates"] == before


@pytest.mark.parametrize("step", [step for step in STEPS if step != "testSecret"])
def test_a_step_that_ended_at_any_of_its_calls_is_completed_when_it_is_repeated(
    emulator, claim, step, monkeypatch
):
    @contextmanager
    def a_rotation():
        claim.token = str(uuid.uuid4())
        claim.step(*STEPS[: STEPS.index(step)])
        yield claim.stored(), lambda: claim.step(step)
        claim.step(*STEPS[STEPS.index(step) :])

    before = {c["certificateId"] for c in claim.iot.list_certificates()["certificates"]}
    for old in each_end(monkeypatch, a_rotation):
        claim.step(*STEPS[STEPS.index(step) :])
        new = claim.stored()
        assert new != old
        assert (claim.status(new), claim.status(old)) == ("ACTIVE", "GONE")
    listed = claim.iot.list_certificates()["certificates"]
    # What a first step left that ended before it could store the key: nobody has it, and it can do nothing.
    left = [c for c in listed if c["status"] == "INACTIVE" and c["certificateId"] not in before]
    held = [claim.iot.list_attached_policies(target=c["certificateArn"])["policies"] for c in left]
    assert held == [[]] * len(left)
    assert settled(lambda: holders(claim)) == [new["certificateArn"]]


def test_a_claim_that_aws_iot_accepts_only_after_some_seconds_is_waited_for(claim, monkeypatch):
    answers, slept = [b"", b"", claim_rotation.ACCEPTED], []
    monkeypatch.setattr(claim_rotation.time, "sleep", slept.append)
    monkeypatch.setattr(claim_rotation, "connect", lambda *_: answers.pop(0))
    claim.step("createSecret", "setSecret", "testSecret", "finishSecret")
    assert answers == []
    assert sum(slept) <= 20


@contextmanager
def a_server_that_refuses_every_client(folder, version):
    """TLS in one version, and no CA of clients that it knows; where it is."""
    issued = an_authority().issue(subject("server"), 1)
    file = folder / "server.pem"
    file.write_bytes(issued.certificate_pem + issued.private_key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.minimum_version = context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED

    def serve():
        with suppress(OSError), context.wrap_socket(listening.accept()[0], server_side=True):
            pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()
        thread.join()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_claim_that_is_not_known_yet_counts_as_not_accepted_in_every_version_of_tls(tmp_path, version):
    unchecked = ssl._create_unverified_context()
    with a_server_that_refuses_every_client(tmp_path, version) as place:
        assert claim_rotation.connect(*place, unchecked, a_stored_claim(), "claim-rotation") == b""


def test_a_server_that_is_not_trusted_ends_the_rotation_at_once(tmp_path):
    with (
        a_server_that_refuses_every_client(tmp_path, ssl.TLSVersion.TLSv1_3) as place,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        claim_rotation.connect(*place, ssl.create_default_context(), a_stored_claim(), "claim-rotation")


def test_a_server_that_can_not_be_reached_counts_as_not_accepted(tmp_path):
    with a_server_that_refuses_every_client(tmp_path, ssl.TLSVersion.TLSv1_3) as place:
        socket.create_connection(place).close()
    unchecked = ssl._create_unverified_context()
    assert claim_rotation.connect(*place, unchecked, a_stored_claim(), "claim-rotation") == b""


def a_stored_claim():
    issued = an_authority().issue(subject("claim"), 1)
    return {
        "certificatePem": issued.certificate_pem.decode(),
        "privateKey": issued.private_key_pem.decode(),
    }


def test_every_attempt_of_a_rotation_fits_in_the_time_of_its_function():
    longest_attempt = 3 * claim_rotation.SECONDS  # to connect, to agree on TLS, to be answered
    attempts = 1 + len(claim_rotation.PAUSES_SECONDS)
    longest = attempts * longest_attempt + sum(claim_rotation.PAUSES_SECONDS)
    assert longest < CLAIM_ROTATION.timeout_seconds


def test_a_claim_that_aws_iot_does_not_accept_never_becomes_the_current_one(claim, monkeypatch):
    monkeypatch.setattr(claim_rotation.time, "sleep", lambda _: None)
    old = claim.stored()
    claim.step("createSecret")
    with pytest.raises(claim_rotation.Refused, match="does not accept"):
        claim.step("testSecret")
    assert claim.stored() == old
    assert claim.connects(old)


def test_a_rotation_that_cannot_store_its_key_leaves_no_certificate(claim, monkeypatch):
    before = claim.iot.list_certificates()["certificates"]
    rotation = claim_rotation.Rotation(claim.iot, claim.secrets, claim.secret_id, claim.token)

    def refuse(**_arguments):
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "PutSecretValue")

    monkeypatch.setattr(claim.secrets, "put_secret_value", refuse)
    with pytest.raises(ClientError):
        rotation.create()
    assert claim.iot.list_certificates()["certificates"] == before


def test_after_a_rotation_an_update_keeps_the_resource_and_a_delete_takes_the_new_certificate(claim):
    claim.step(*STEPS)
    new = claim.stored()
    event = {
        "RequestType": "Update",
        "RequestId": str(uuid.uuid4()),
        "PhysicalResourceId": claim.physical_id,
        "ResourceProperties": claim.properties,
        "OldResourceProperties": claim.properties,
    }
    updated = claim_certificate.handle(event, lambda: 60)
    assert updated.physical_id == claim.physical_id
    assert updated.data["CertificateId"] == new["certificateId"]
    claim_certificate.handle({**event, "RequestType": "Delete"}, lambda: 60)
    assert claim.status(new) == "GONE"
    assert settled(lambda: holders(claim)) == []


def a_claim(stack, **settings):
    body = fleet_body(policy_name="sensor", thing_name_prefix="sensor-")
    template = ProvisioningTemplate(stack, "Template", body=body, template_name="sensors")
    return ClaimCertificate(stack, "Claim", template=template, **settings)


def rotating(stack):
    a_claim(stack).add_rotation()


def rotating_with_everything(stack):
    claim = a_claim(stack, encryption_key=kms.Key(stack, "Key"), client_id_patterns=["factory-*"])
    claim.add_rotation(automatically_after_days=7)


def test_a_key_of_ones_own_may_be_used_by_the_rotation_for_this_secret():
    roles = synthesised(rotating_with_everything).find_resources(
        "AWS::IAM::Role", {"Properties": {"Description": "Rotates the claim certificate in Secrets Manager"}}
    )
    (role,) = roles.values()
    statements = {s["Sid"]: s for s in role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]}
    assert statements["SecretKey"]["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert "SecretKey" not in str(synthesised(rotating).to_json())


def test_secrets_manager_may_rotate_this_secret_and_only_once_there_is_a_certificate():
    stack = a_stack()
    a_claim(stack).add_rotation(automatically_after_days=30)
    template = Template.from_stack(stack)
    schedule = only(template, "AWS::SecretsManager::RotationSchedule")
    assert schedule["Properties"]["RotationRules"] == {"AutomaticallyAfterDays": 30}
    assert schedule["Properties"]["RotateImmediatelyOnUpdate"] is False
    (resource,) = template.find_resources("Custom::ClaimCertificate")
    (permission_id,) = template.find_resources("AWS::Lambda::Permission")
    (attachment,) = template.find_resources("AWS::IoT::PolicyPrincipalAttachment")
    assert set(schedule["DependsOn"]) >= {resource, permission_id, attachment}
    permission = properties(template, "AWS::Lambda::Permission")
    assert permission["Principal"] == "secretsmanager.amazonaws.com"
    assert permission["SourceArn"] == schedule["Properties"]["SecretId"]


def test_the_new_claim_is_tried_with_a_client_id_that_claims_may_use():
    stack = a_stack()
    a_claim(stack, client_id_patterns=["factory-*"]).add_rotation()
    functions = Template.from_stack(stack).find_resources(
        "AWS::Lambda::Function", {"Properties": {"Handler": CLAIM_ROTATION.handler}}
    )
    (function,) = functions.values()
    assert function["Properties"]["Environment"]["Variables"]["CLIENT_ID"] == "factory-rotation"


@pytest.mark.parametrize(
    ("patterns", "names", "client_id"),
    [
        (["claim-*"], [], "claim-rotation"),
        (["????-4??"], ["gg-*"], "rrrr-4rr"),
        (["*"], ["rot*"], "a"),
        (["?-*"], ["r-*", "a-*"], "b-b"),
        (["${iot:Certificate.Subject.CommonName}", "claim-?"], [], "claim-r"),
    ],
)
def test_the_client_id_of_a_rotation_is_one_that_the_policy_allows(patterns, names, client_id):
    chosen = claim_rotation_environment("claim", patterns, names)["CLIENT_ID"]
    assert chosen == client_id
    document = claim_policy("t", IRELAND, client_id_patterns=patterns, thing_name_patterns=names)
    assert connects(document, chosen)


def test_a_rotation_without_any_client_id_is_refused():
    with pytest.raises(ValueError, match="no client id is known that the claim may connect with"):
        claim_rotation_environment("claim", ["${iot:Certificate.Subject.CommonName}"])


@pytest.mark.parametrize("days", [0, 1001])
def test_days_out_of_their_range_are_refused(days):
    with pytest.raises(ValueError, match="give 1 to 1000"):
        a_claim(a_stack()).add_rotation(automatically_after_days=days)


def test_an_existing_claim_has_nothing_to_rotate():
    arn = f"arn:aws:iot:{REGION}:{ACCOUNT}:cert/{'a' * 64}"
    with pytest.raises(ValueError, match="there is no secret"):
        a_claim(a_stack(), certificate_arn=arn).add_rotation()


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(rotating, ClaimCertificate) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(rotating_with_everything, ClaimCertificate) == snapshot
