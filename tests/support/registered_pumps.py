"""Pumps of a CA that register just in time, where either engine deployed it."""

import json
import time
from contextlib import closing

from tests.support.certificates import an_authority, pem_of, revoked, subject
from tests.support.detaching import settled
from tests.support.knocking import certificate_id, knock
from workshop import device

AUTHORISED_ELSEWHERE = ("iot:AttachPolicy", "iot:DetachPolicy")
"""What AWS authorises on the certificate, and the emulator on other resources."""
EVERYTHING = ["CreateThing", "AttachPolicy", "AttachThingPrincipal", "UpdateCertificate"]
POLICY = "registered-pump"


class RegisteredPumps:
    """A CA, and what was deployed for it, to be known by the outputs Bucket, Function and QueueUrl."""

    def __init__(self, emulator):
        self.emulator, self.authority = emulator, an_authority()
        self.iot, self.iam = emulator.client("iot"), emulator.client("iam")
        self.ca_certificate_pem = pem_of(self.authority.certificate).decode()

    def found(self, outputs):
        """Remember what was deployed."""
        self.outputs = outputs
        configuration = self.emulator.client("lambda").get_function_configuration(
            FunctionName=outputs["Function"]
        )
        self.role_name = configuration["Role"].rpartition("/")[2]
        self.let_the_emulator_authorise(AUTHORISED_ELSEWHERE)

    def let_the_emulator_authorise(self, actions):
        """Let the function do what the emulator authorises on other resources than AWS."""
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        self.put_policy("Emulator", {"Version": "2012-10-17", "Statement": [statement]})

    def put_policy(self, name, document):
        self.iam.put_role_policy(
            RoleName=self.role_name, PolicyName=name, PolicyDocument=json.dumps(document)
        )

    def registers(self, certificate):
        """Whether the function gets through with a certificate when it is told of it."""
        answer = self.emulator.client("lambda").invoke(
            FunctionName=self.outputs["Function"], Payload=json.dumps({"certificateId": certificate})
        )
        return "FunctionError" not in answer

    def is_thing(self, name):
        pages = self.iot.get_paginator("list_things").paginate()
        return any(thing["thingName"] == name for page in pages for thing in page["things"])

    def what_there_is(self, name, certificate):
        """What is there of a device when all is detached, by name of the call that made it."""
        return settled(lambda: self._what_there_is(name, certificate))

    def _what_there_is(self, name, certificate):
        described = self.iot.describe_certificate(certificateId=certificate)["certificateDescription"]
        principal = described["certificateArn"]
        there = {
            "CreateThing": self.is_thing(name),
            "AttachPolicy": bool(self.iot.list_attached_policies(target=principal)["policies"]),
            "AttachThingPrincipal": bool(self.iot.list_principal_things(principal=principal)["things"]),
            "UpdateCertificate": described["status"] == "ACTIVE",
        }
        return [call for call, made in there.items() if made]

    def revoke(self, *certificates):
        content = revoked(self.authority, *certificates)
        self.emulator.client("s3").put_object(Bucket=self.outputs["Bucket"], Key="revoked.pem", Body=content)

    def clear(self):
        """Take away what keeps the stack from going: it was not the stack that made it."""
        for target in self.iot.list_targets_for_policy(policyName=POLICY)["targets"]:
            self.iot.detach_policy(policyName=POLICY, target=target)
        self.emulator.client("s3").delete_object(Bucket=self.outputs["Bucket"], Key="revoked.pem")
        self.iam.delete_role_policy(RoleName=self.role_name, PolicyName="Emulator")

    def put_aside(self):
        """The certificate of the event in the dead-letter queue."""
        with closing(self.emulator.client("sqs")) as queues:
            waits = (
                queues.receive_message(QueueUrl=self.outputs["QueueUrl"], WaitTimeSeconds=20)
                for _ in range(4)
            )
            (message,) = next(received for received in waits if "Messages" in received)["Messages"]
            queues.delete_message(QueueUrl=self.outputs["QueueUrl"], ReceiptHandle=message["ReceiptHandle"])
        return json.loads(message["Body"])["requestPayload"]["certificateId"]


def waits_for(emulator, issued, status, seconds=60):
    """Whether a certificate gets a status in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        described = emulator.client("iot").describe_certificate(
            certificateId=certificate_id(issued.certificate_pem)
        )
        if described["certificateDescription"]["status"] == status:
            return True
        time.sleep(0.1)
    return False


def require_registration(emulator, authority, name):
    """Let a listed device connect, and see that it then uses its own topic."""
    issued = authority.issue(subject(name), 1)
    knock(emulator, issued)
    assert waits_for(emulator, issued, "ACTIVE")
    broker = device.Broker(emulator.mqtt_host, emulator.mqtt_port, emulator.trust_store())
    own = device.Credentials(issued.certificate_pem.decode(), issued.private_key_pem.decode())
    assert device.send_to_itself(broker, own, name, f"dt/{name}/state") >= 0
    return issued


def require_failed_event_in_the_queue(pumps, name):
    """Let events of a device fail to the end, and see that it registers once the reason is gone."""
    issued = pumps.authority.issue(subject(name), 1)
    lists, bucket = pumps.emulator.client("s3"), pumps.outputs["Bucket"]
    lists.put_object(Bucket=bucket, Key="revoked.pem", Body=b"no list")
    knock(pumps.emulator, issued)
    # The emulator's topic rules try once; Lambda tries an event three times before it gives up.
    event = {"certificateId": certificate_id(issued.certificate_pem)}
    pumps.emulator.client("lambda").invoke(
        FunctionName=pumps.outputs["Function"], InvocationType="Event", Payload=json.dumps(event)
    )
    assert pumps.put_aside() == event["certificateId"]
    assert waits_for(pumps.emulator, issued, "PENDING_ACTIVATION")
    assert not pumps.is_thing(name)
    pumps.revoke()
    knock(pumps.emulator, issued)
    assert waits_for(pumps.emulator, issued, "ACTIVE")
    # The event of the queue, delivered at last.
    assert pumps.registers(event["certificateId"])
    assert pumps.what_there_is(name, event["certificateId"]) == EVERYTHING


def require_revoked_device_out(pumps, name):
    """Let a listed device connect whose certificate is revoked, and see what the function then does."""
    issued = pumps.authority.issue(subject(name), 1)
    certificate = certificate_id(issued.certificate_pem)
    pumps.revoke(issued.certificate_pem)
    knock(pumps.emulator, issued)
    assert pumps.registers(certificate)
    assert pumps.what_there_is(name, certificate) == []
