"""Pumps that replace their certificates, on an emulator."""

import time
import uuid

import pytest
from awscrt import mqtt

from device_provisioning.aws_iot.certificate_rotation import confirmation_topic
from device_provisioning.local import device


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
        return {"claimCertificateId": presented, "parameters": {"SerialNumber": self.serial_number}, **more}

    def status(self, made):
        described = self.iot.describe_certificate(certificateId=made["certificateId"])
        return described["certificateDescription"]["status"]


def require_swap(emulator, template_name, policy_name):
    """Let a new pump swap its certificate through a rotation, and see that it keeps its thing."""
    iot = emulator.client("iot")
    pump = Pump(iot)
    old = pump.certificate()
    iot.attach_policy(policyName=policy_name, target=old["certificateArn"])
    broker = device.Broker(emulator.mqtt_host, emulator.mqtt_port, emulator.trust_store())
    before = device.Credentials(old["certificatePem"], old["keyPair"]["PrivateKey"])
    parameters = {"SerialNumber": pump.serial_number}
    new = device.provision(broker, before, template_name, parameters, client_id=pump.name)
    assert new.thing_name == pump.name
    assert pump.status(old) == "ACTIVE"
    with device.connected(broker, new.credentials, pump.name) as connection:
        topic = confirmation_topic(template_name, pump.name)
        connection.publish(topic, b"{}", mqtt.QoS.AT_LEAST_ONCE)[0].result(10)
        until = time.monotonic() + 20
        while len(pump.attached()) > 1 and time.monotonic() < until:
            time.sleep(0.1)
    assert pump.status(old) == "INACTIVE"
    (left,) = pump.attached()
    assert left.endswith(new.certificate_id)
    with pytest.raises(Exception, match="AWS_ERROR"), device.connected(broker, before, pump.name):
        pass
    iot.detach_policy(policyName=policy_name, target=left)
