"""A deployed fleet, as the demo's devices and the demo itself see it."""

import hashlib
import json
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from ..device import Broker, Credentials
from ..emulator import Emulator

SECONDS_FOR_LOGS = 60


@dataclass(frozen=True)
class Fleet:
    """A deployed fleet.

    Args:
        emulator: Where it is deployed.
        template_name: The template that devices register through.
        table_name: The table of the allow list.
        claim: The claim certificate and its key.
    """

    emulator: Emulator
    template_name: str
    table_name: str
    claim: Credentials

    @classmethod
    def from_outputs(cls, emulator: Emulator, outputs: Mapping[str, str]) -> Self:
        """The fleet that a deployment's outputs describe; the claim's key is fetched from its secret."""
        secrets = emulator.client("secretsmanager")
        secret = secrets.get_secret_value(SecretId=outputs["ClaimCertificateSecretArn"])
        stored = json.loads(secret["SecretString"])
        claim = Credentials(stored["certificatePem"], stored["privateKey"])
        return cls(emulator, outputs["TemplateName"], outputs["DeviceAllowListTableName"], claim)

    @property
    def broker(self) -> Broker:
        """Where devices connect to."""
        return Broker(self.emulator.mqtt_host, self.emulator.mqtt_port, self.emulator.trust_store())

    def allow(self, serial_number: str) -> None:
        """Put a device on the allow list."""
        self.emulator.client("dynamodb").update_item(
            TableName=self.table_name, Key={"serial_number": {"S": serial_number}}
        )

    def claim_client_ids(self) -> list[str]:
        """Patterns of the client ids that the claim's policies let it connect with."""
        iot = self.emulator.client("iot")
        certificate_id = hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.claim.certificate_pem)).hexdigest()
        described = iot.describe_certificate(certificateId=certificate_id)["certificateDescription"]
        policies = iot.list_attached_policies(target=described["certificateArn"])["policies"]
        return [pattern for policy in policies for pattern in _client_ids(iot, policy["policyName"])]

    def certificate_status(self, certificate_id: str) -> str:
        """The status that AWS IoT has for a certificate."""
        described = self.emulator.client("iot").describe_certificate(certificateId=certificate_id)
        return str(described["certificateDescription"]["status"])

    def decision(self, certificate_id: str) -> Mapping[str, Any]:
        """The hook's own log line about a certificate.

        Raises:
            TimeoutError: If there is none within a minute.
        """
        deadline = time.monotonic() + SECONDS_FOR_LOGS
        while time.monotonic() < deadline:
            for line in self.decisions():
                if line.get("certificate_id") == certificate_id:
                    return line
            time.sleep(0.1)
        raise TimeoutError(f"the hook's log has no decision about certificate {certificate_id}")

    def decisions(self) -> list[Mapping[str, Any]]:
        """Every log line of the hook."""
        group = self.hook()["LoggingConfig"]["LogGroup"]
        events = self.emulator.client("logs").filter_log_events(logGroupName=group)["events"]
        return [_json_object(event["message"]) for event in events]

    def hook(self) -> Mapping[str, Any]:
        """The configuration of the hook's function."""
        template = self.emulator.client("iot").describe_provisioning_template(templateName=self.template_name)
        configuration: Mapping[str, Any] = self.emulator.client("lambda").get_function_configuration(
            FunctionName=template["preProvisioningHook"]["targetArn"]
        )
        return configuration


def _client_ids(iot: Any, policy_name: str) -> Iterator[str]:
    document = json.loads(iot.get_policy(policyName=policy_name)["policyDocument"])
    for statement in document["Statement"]:
        if statement["Effect"] == "Allow" and "iot:Connect" in _listed(statement["Action"]):
            yield from (arn.partition(":client/")[2] for arn in _listed(statement["Resource"]))


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
