"""Pumps that replace their certificates, on an emulator."""

import time
import uuid

import pytest
from awscrt import mqtt

from device_provisioning.aws_iot.certificate_rotation import confirmation_topic
from workshop import device


class Pump:
    """A thing with certificates."""

    def __init__(self, iot):
        self.iot, self.serial_number = iot, uuid.uuid4().hex[:8]
        self.name = f"turning-{self.serial_number}"
        iot.create_thing(thingName=self.name)

    def certificate(self, attached=True):
        made = self.iot.create_keys_and_certificate(setAsActive=True)
        if attached:
            self.iot.attach_thing_principal(thingName=self.name, principal=made["certificateArn"])
        return made

    def attached(self):
        return self.iot.list_thing_principals(thingName=self.name)["principals"]

    def event(self, presented, **more):
        parameters = {"SerialNumber": self.serial_number}
        return {
            "claimCertificateId": presented,
            "certificateId": "f" * 64,
            "parameters": parameters,
            **more,
        }

    def status(self, made):
        described = self.iot.describe_certificate(certificateId=made["certificateId"])
        return described["certificateDescription"]["status"]


class ConnectedPump(Pump):
    """A thing with an active certificate that holds a policy and connects with it."""

    def __init__(self, emulator, policy_name):
        super().__init__(emulator.client("iot"))
        self.policy_name = policy_name
        self.broker = device.Broker(emulator.mqtt_host, emulator.mqtt_port, emulator.trust_store())
        self.old = self.certificate()
        self.iot.attach_policy(policyName=policy_name, target=self.old["certificateArn"])
        self.credentials = device.Credentials(self.old["certificatePem"], self.old["keyPair"]["PrivateKey"])

    def confirm(self, credentials, template_name):
        """Connect with the new certificate, say so, and wait until the old one is detached."""
        with device.connected(self.broker, credentials, self.name) as connection:
            topic = confirmation_topic(template_name, self.name)
            connection.publish(topic, b"{}", mqtt.QoS.AT_LEAST_ONCE)[0].result(60)
            until = time.monotonic() + 60
            while len(self.attached()) > 1 and time.monotonic() < until:
                time.sleep(0.1)
        assert len(self.attached()) == 1

    def forget_policy(self):
        """Detach the policy from the certificate that is left, so that a stack can delete the policy."""
        (left,) = self.attached()
        self.iot.detach_policy(policyName=self.policy_name, target=left)


class ListedPump(ConnectedPump):
    """A pump whose record on the list names its certificate."""

    def __init__(self, emulator, policy_name, table_name):
        super().__init__(emulator, policy_name)
        self._dynamodb, self._table_name = emulator.client("dynamodb"), table_name
        self.set_blocked(False)

    def set_blocked(self, blocked):
        """Write the record."""
        record = {"certificate_id": {"S": self.old["certificateId"]}, "blocked": {"BOOL": blocked}}
        item = {"serial_number": {"S": self.serial_number}, **record}
        self._dynamodb.put_item(TableName=self._table_name, Item=item)

    def holder(self):
        """The certificate that the record names."""
        key = {"serial_number": {"S": self.serial_number}}
        item = self._dynamodb.get_item(TableName=self._table_name, Key=key)["Item"]
        return item["certificate_id"]["S"]


def require_swap(pump, template_name):
    """Let a pump swap its certificate through a rotation, and see that it keeps its thing."""
    parameters = {"SerialNumber": pump.serial_number}
    new = device.provision(pump.broker, pump.credentials, template_name, parameters, client_id=pump.name)
    assert new.thing_name == pump.name
    assert pump.status(pump.old) == "ACTIVE"
    pump.confirm(new.credentials, template_name)
    assert pump.status(pump.old) == "INACTIVE"
    (left,) = pump.attached()
    assert left.endswith(new.certificate_id)
    with (
        pytest.raises(Exception, match="AWS_ERROR"),
        device.connected(pump.broker, pump.credentials, pump.name),
    ):
        pass
    pump.forget_policy()
