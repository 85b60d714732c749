"""A deployed fleet, as the demo's devices and the demo itself see it."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ..device import Broker, Credentials
from ..emulator import Emulator

SECONDS_FOR_LOGS = 10


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

    def certificate_status(self, certificate_id: str) -> str:
        """The status that AWS IoT has for a certificate."""
        described = self.emulator.client("iot").describe_certificate(certificateId=certificate_id)
        return str(described["certificateDescription"]["status"])

    def decision(self, certificate_id: str) -> Mapping[str, Any]:
        """The hook's own log line about a certificate.

        Raises:
            TimeoutError: If there is none within ten seconds.
        """
        group = self._log_group()
        deadline = time.monotonic() + SECONDS_FOR_LOGS
        while time.monotonic() < deadline:
            for event in self.emulator.client("logs").filter_log_events(logGroupName=group)["events"]:
                line = _json_object(event["message"])
                if line.get("certificate_id") == certificate_id:
                    return line
            time.sleep(0.1)
        raise TimeoutError(f"the log group {group} has no decision about certificate {certificate_id}")

    def _log_group(self) -> str:
        template = self.emulator.client("iot").describe_provisioning_template(templateName=self.template_name)
        hook = template["preProvisioningHook"]["targetArn"]
        configuration = self.emulator.client("lambda").get_function_configuration(FunctionName=hook)
        return str(configuration["LoggingConfig"]["LogGroup"])


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
