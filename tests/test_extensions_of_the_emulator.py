"""What the extensions of this project add to the emulator, heard by a client that does nothing by itself."""

import json
import re
import socket
import ssl
import uuid
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

import boto3
import cbor2
import psutil
import pytest
from botocore.exceptions import ClientError

from device_provisioning.certificates.authority import create_authority
from device_provisioning.verification.identity import key_and_csr
from tests.support.active_certificates import active_certificate
from tests.support.certificates import an_authority, pem_of, subject
from tests.support.knocking import certificate_id, knock
from tests.support.raw_mqtt import NOT_AUTHORIZED, V3, V5, Acknowledged, Closed, Connection, connected
from tests.support.registered_pumps import waits_for
from workshop import extensions
from workshop.core_device import mutual_tls
from workshop.device import Broker, Credentials
from workshop.emulator import ACCOUNT, REGION

CREATE = "$aws/certificates/create/json"
CREATE_IN_CBOR = "$aws/certificates/create/cbor"
FROM_CSR_IN_CBOR = "$aws/certificates/create-from-csr/cbor"
CONNACK = b"\x20"
ONLY_A_CERTIFICATE = {
    "Parameters": {"SerialNumber": {"Type": "String"}},
    "Resources": {
        "certificate": {
            "Type": "AWS::IoT::Certificate",
            "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "Active"},
        },
    },
    "DeviceConfiguration": {"number": {"Ref": "SerialNumber"}},
}
JITP_PARAMETER = "AWS::IoT::Certificate::"
PAGE = Path(__file__).parents[1] / "docs" / "emulator.md"


def broker_of(emulator):
    return Broker(emulator.mqtt_host, emulator.mqtt_port, emulator.trust_store())


@pytest.fixture(scope="module")
def broker(emulator):
    return broker_of(emulator)


@pytest.fixture(scope="module")
def certificate(emulator):
    with active_certificate(emulator) as active:
        yield active


@pytest.fixture(params=[V3, V5], ids=["3.1.1", "5"])
def connection(request, broker, certificate):
    with connected(broker, certificate, f"client-{uuid.uuid4()}", request.param) as opened:
        yield opened


@contextmanager
def a_template(emulator):
    iot, name = emulator.client("iot"), f"template-{uuid.uuid4().hex[:8]}"
    iot.create_provisioning_template(
        templateName=name,
        templateBody=json.dumps(ONLY_A_CERTIFICATE),
        enabled=True,
        provisioningRoleArn="arn:aws:iam::111122223333:role/nobody",
    )
    try:
        yield name
    finally:
        iot.delete_provisioning_template(templateName=name)


@pytest.mark.parametrize("subscribed", [True, False])
def test_an_answer_reaches_the_connection_that_asked_subscribed_or_not(connection, subscribed):
    if subscribed:
        connection.subscribe(f"{CREATE}/accepted")
    connection.publish(CREATE)
    answer = connection.receive()
    assert answer.topic == f"{CREATE}/accepted"
    assert json.loads(answer.payload)["certificateOwnershipToken"]


def test_an_answer_comes_once_and_to_nobody_else(broker, certificate, connection):
    with connected(broker, certificate, f"other-{uuid.uuid4()}") as other:
        other.subscribe(f"{CREATE}/accepted", "hello")
        connection.subscribe(f"{CREATE}/+")
        connection.publish(CREATE)
        assert connection.receive().topic == f"{CREATE}/accepted"
        # What was sent later is there, so whatever was sent before would be as well.
        connection.subscribe("hello")
        connection.publish("hello")
        assert [connection.receive().topic, other.receive().topic] == ["hello", "hello"]
        assert [connection.unread(), other.unread()] == [0, 0]


@pytest.mark.parametrize(
    "request_topic",
    [CREATE, "$aws/certificates/create-from-csr/json", "$aws/provisioning-templates/any/provision/cbor"],
)
def test_one_filter_may_stand_for_both_answers(connection, request_topic):
    assert connection.subscribe(f"{request_topic}/+") == Acknowledged("SUBACK", (1,))


def test_other_filters_of_the_reserved_space_are_still_refused(broker, certificate):
    with connected(broker, certificate, f"client-{uuid.uuid4()}") as connection:
        for refused in (f"{CREATE}/#", f"{CREATE}/+/+", "$aws/certificates/+"):
            assert connection.subscribe(refused) == Acknowledged("SUBACK", (0x8F,))


def test_to_unsubscribe_from_what_was_never_subscribed_to_is_a_success(broker, certificate):
    with connected(broker, certificate, f"client-{uuid.uuid4()}") as connection:
        connection.subscribe("hello")
        assert connection.unsubscribe("hello", "never") == Acknowledged("UNSUBACK", (0, 0))


def test_a_device_that_speaks_cbor_is_answered_in_cbor(emulator, connection):
    connection.publish(FROM_CSR_IN_CBOR, cbor2.dumps({"certificateSigningRequest": key_and_csr()[1]}))
    created = connection.receive()
    assert created.topic == f"{FROM_CSR_IN_CBOR}/accepted"
    token = cbor2.loads(created.payload)["certificateOwnershipToken"]
    with a_template(emulator) as name:
        topic = f"$aws/provisioning-templates/{name}/provision/cbor"
        request = {"certificateOwnershipToken": token, "parameters": {"SerialNumber": "A-1"}}
        connection.publish(topic, cbor2.dumps(request))
        registered = connection.receive()
    assert registered.topic == f"{topic}/accepted"
    assert cbor2.loads(registered.payload) == {"deviceConfiguration": {"number": "A-1"}}


def test_an_empty_request_for_a_key_in_cbor_is_answered(connection):
    connection.publish(CREATE_IN_CBOR)
    answer = connection.receive()
    assert answer.topic == f"{CREATE_IN_CBOR}/accepted"
    assert cbor2.loads(answer.payload)["privateKey"].startswith("-----BEGIN")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        b'{"certificateOwnershipToken": "t"}',
        cbor2.dumps([1]),
        cbor2.dumps({"parameters": b"x"}),
    ],
)
def test_what_is_not_cbor_is_rejected_in_cbor(emulator, connection, payload):
    with a_template(emulator) as name:
        topic = f"$aws/provisioning-templates/{name}/provision/cbor"
        connection.publish(topic, payload)
        answer = connection.receive()
    assert answer.topic == f"{topic}/rejected"
    assert cbor2.loads(answer.payload)["errorCode"] == "InvalidPayload"


def test_the_mqtt_port_listens_on_the_loopback_only(emulator):
    listening = {
        connection.laddr.ip
        for connection in psutil.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == emulator.mqtt_port
    }
    assert listening == {"127.0.0.1"}


@pytest.mark.parametrize("kind", ["emulator", "enforcing_emulator"])
def test_a_client_without_a_certificate_hears_nothing_and_one_with_a_certificate_does(request, kind):
    emulator = request.getfixturevalue(kind)
    broker = broker_of(emulator)
    anonymous = ssl.create_default_context(cadata=broker.trust_store.decode())
    assert first_byte(broker, anonymous) == b""
    with active_certificate(emulator) as certificate:
        assert first_byte(broker, mutual_tls(broker, certificate)) == CONNACK


def first_byte(broker, context):
    """What a client hears that connects by MQTT 5."""
    with (
        socket.create_connection((broker.host, broker.port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname=broker.host) as secure,
    ):
        secure.sendall(b"\x10\x11\x00\x04MQTT\x05\x02\x00\x1e\x00\x00\x04bare")
        return secure.recv(1)


def test_a_client_with_a_certificate_that_nobody_knows_is_refused(broker, certificate):
    unknown = create_authority("Unknown", 10)
    presented = Credentials(unknown.certificate_pem.decode(), unknown.private_key_pem.decode())
    assert Connection(broker, presented, "stranger").connack == Closed()
    with connected(broker, certificate, "acquaintance"):
        pass


@pytest.mark.parametrize("kind", ["emulator", "enforcing_emulator"])
def test_a_certificate_may_do_what_its_policies_allow(request, kind):
    emulator = request.getfixturevalue(kind)
    broker = broker_of(emulator)
    with (
        active_certificate(emulator, "iot:*") as everything,
        active_certificate(emulator, "iot:Publish") as less,
    ):
        for protocol in (V3, V5):
            with connected(broker, everything, "anybody", protocol):
                pass
        assert Connection(broker, less, "anybody", V5).connack == Acknowledged("CONNACK", (NOT_AUTHORIZED,))
        assert Connection(broker, less, "anybody", V3).connack == Closed()


@pytest.mark.parametrize("extension", extensions.EXTENSIONS, ids=lambda module: module.__name__)
def test_every_extension_is_in_the_page(extension):
    name = extension.__name__.rpartition(".")[2]
    assert f"`{name}`" in PAGE.read_text()


def test_there_is_no_extension_that_is_not_installed():
    folder = Path(extensions.__file__).parent
    modules = [import_module(f"workshop.extensions.{file.stem}") for file in folder.glob("[!_]*.py")]
    assert {module for module in modules if hasattr(module, "install")} == set(extensions.EXTENSIONS)


def test_the_extensions_refuse_a_version_that_they_were_not_written_for(monkeypatch):
    monkeypatch.setattr(extensions, "version", lambda _name: "1.6.0")
    with pytest.raises(RuntimeError, match=re.escape("for ministack 1.5.33, not 1.6.0: install that")):
        extensions.install()


@pytest.fixture
def provisioning_authority(emulator):
    """A CA whose body makes a thing of every certificate that it signed."""
    authority, iot = an_authority(), emulator.client("iot")
    body = {
        "Parameters": {f"{JITP_PARAMETER}{name}": {"Type": "String"} for name in ("Id", "CommonName")},
        "Resources": {
            "thing": {
                "Type": "AWS::IoT::Thing",
                "Properties": {"ThingName": {"Ref": f"{JITP_PARAMETER}CommonName"}},
            },
            "certificate": {
                "Type": "AWS::IoT::Certificate",
                "Properties": {"CertificateId": {"Ref": f"{JITP_PARAMETER}Id"}, "Status": "ACTIVE"},
            },
        },
    }
    registered = iot.register_ca_certificate(
        caCertificate=pem_of(authority.certificate).decode(),
        certificateMode="SNI_ONLY",
        setAsActive=True,
        allowAutoRegistration=True,
        registrationConfig={
            "templateBody": json.dumps(body),
            "roleArn": "arn:aws:iam::111122223333:role/nobody",
        },
    )
    yield authority
    iot.update_ca_certificate(certificateId=registered["certificateId"], newStatus="INACTIVE")
    iot.delete_ca_certificate(certificateId=registered["certificateId"])


def test_a_body_inside_a_ca_makes_a_thing_of_the_first_connection(emulator, provisioning_authority):
    iot, name = emulator.client("iot"), f"pump-{uuid.uuid4().hex[:8]}"
    issued = provisioning_authority.issue(subject(name), 1)
    assert knock(emulator, issued) == b""
    (principal,) = iot.list_thing_principals(thingName=name)["principals"]
    assert principal.endswith(certificate_id(issued.certificate_pem))
    assert waits_for(emulator, issued, "ACTIVE")


@pytest.fixture
def policy(emulator):
    """The name of a policy that is not there yet, and is taken away in the end."""
    iot, name = emulator.client("iot"), f"policy-{uuid.uuid4().hex[:8]}"
    yield name
    with suppress(iot.exceptions.ResourceNotFoundException):
        for version in iot.list_policy_versions(policyName=name)["policyVersions"]:
            if not version["isDefaultVersion"]:
                iot.delete_policy_version(policyName=name, policyVersionId=version["versionId"])
        iot.delete_policy(policyName=name)


def a_document(length):
    """A policy document of a length, and white space, which does not count."""
    empty = json.dumps({"Version": "2012-10-17", "Statement": [], "Id": ""}, separators=(",", ":"))
    return empty.replace('"Id":""', '"Id":  "' + "x" * (length - len(empty)) + '"')


def test_a_policy_has_at_most_2048_characters_white_space_not_counted(emulator, policy):
    iot = emulator.client("iot")
    with pytest.raises(iot.exceptions.MalformedPolicyException, match="2048"):
        iot.create_policy(policyName=policy, policyDocument=a_document(2049))
    iot.create_policy(policyName=policy, policyDocument=a_document(2048))
    with pytest.raises(iot.exceptions.MalformedPolicyException, match="2048"):
        iot.create_policy_version(policyName=policy, policyDocument=a_document(2049))


def test_a_policy_has_at_most_five_versions(emulator, policy):
    iot = emulator.client("iot")
    iot.create_policy(policyName=policy, policyDocument=a_document(100))
    for length in range(101, 105):
        iot.create_policy_version(policyName=policy, policyDocument=a_document(length))
    with pytest.raises(iot.exceptions.VersionsLimitExceededException):
        iot.create_policy_version(policyName=policy, policyDocument=a_document(105))
    assert len(iot.list_policy_versions(policyName=policy)["policyVersions"]) == 5


def test_a_body_has_at_most_10240_characters(emulator):
    iot, name = emulator.client("iot"), f"template-{uuid.uuid4().hex[:8]}"
    text = json.dumps(ONLY_A_CERTIFICATE)
    settings = {"templateName": name, "provisioningRoleArn": "arn:aws:iam::111122223333:role/nobody"}
    with pytest.raises(iot.exceptions.InvalidRequestException, match="10240"):
        iot.create_provisioning_template(templateBody=text.ljust(10_241), **settings)
    iot.create_provisioning_template(templateBody=text.ljust(10_240), **settings)
    with pytest.raises(iot.exceptions.InvalidRequestException, match="10240"):
        iot.create_provisioning_template_version(templateName=name, templateBody=text.ljust(10_241))
    iot.delete_provisioning_template(templateName=name)


def test_a_role_is_assumed_by_the_role_that_its_trust_names_and_by_no_other(enforcing_emulator):
    iam, name = enforcing_emulator.client("iam"), f"named-{uuid.uuid4().hex[:8]}"
    root = f"arn:aws:iam::{ACCOUNT}:root"

    def a_role(number, principal):
        statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        made = iam.create_role(RoleName=f"{name}-{number}", AssumeRolePolicyDocument=document)
        return made["Role"]["Arn"]

    first, other = a_role(1, root), a_role(2, root)
    trusting = a_role(3, first)

    def assumed_by(role):
        given = enforcing_emulator.client("sts").assume_role(RoleArn=role, RoleSessionName="named")
        keys = given["Credentials"]
        sts = boto3.client(
            "sts",
            endpoint_url=enforcing_emulator.url,
            region_name=REGION,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )
        return sts.assume_role(RoleArn=trusting, RoleSessionName="named")["AssumedRoleUser"]["Arn"]

    assert assumed_by(first).endswith(f"assumed-role/{name}-3/named")
    with pytest.raises(ClientError, match="AccessDenied"):
        assumed_by(other)
