"""A claim certificate in a secret of the emulator, and the rotation of it."""

import json
import ssl
import uuid

from awscrt.exceptions import AwsCrtError
from botocore.exceptions import ClientError

from device_provisioning.lambdas.custom_resources import claim_rotation
from workshop import device


class RotatedClaim:
    """What the secret holds, whether devices connect with it, and the steps of one rotation."""

    def __init__(self, emulator, secret_id):
        self.emulator, self.iot = emulator, emulator.client("iot")
        self.secrets = emulator.client("secretsmanager")
        self.secret_id, self.token = secret_id, str(uuid.uuid4())

    def stored(self, stage="AWSCURRENT"):
        value = self.secrets.get_secret_value(SecretId=self.secret_id, VersionStage=stage)
        return json.loads(value["SecretString"])

    def event(self, step):
        return {"SecretId": self.secret_id, "ClientRequestToken": self.token, "Step": step}

    def step(self, *names):
        for name in names:
            claim_rotation.handler(self.event(name))

    def invoke(self, *names):
        """Perform steps by the function that is deployed for them: the emulator does not invoke it."""
        function = self.secrets.describe_secret(SecretId=self.secret_id)["RotationLambdaARN"]
        for name in names:
            answer = self.emulator.client("lambda").invoke(
                FunctionName=function, Payload=json.dumps(self.event(name)).encode()
            )
            assert "FunctionError" not in answer, answer["Payload"].read()

    def status(self, stored):
        try:
            described = self.iot.describe_certificate(certificateId=stored["certificateId"])
        except ClientError:
            return "GONE"
        return described["certificateDescription"]["status"]

    def connects(self, stored):
        emulator = self.emulator
        broker = device.Broker(emulator.mqtt_host, emulator.mqtt_port, emulator.trust_store())
        credentials = device.Credentials(stored["certificatePem"], stored["privateKey"])
        try:
            with device.connected(broker, credentials, f"claim-{uuid.uuid4().hex[:6]}"):
                return True
        except AwsCrtError:
            return False


def reach(emulator, monkeypatch):
    """Let the rotation's code reach the emulator, which has MQTT port and CA elsewhere than AWS."""
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    context = ssl.create_default_context(cadata=emulator.trust_store().decode())
    place = (emulator.mqtt_host, emulator.mqtt_port, context)
    monkeypatch.setattr(claim_rotation, "endpoint", lambda _iot: place)
