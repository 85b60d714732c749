"""What a client of one's own needs to enrol with a demo that stays up."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Self

from .fleet import Fleet

PORT_OF_SAMPLES = 8883
SERIAL_NUMBERS = tuple(f"C-{number:04}" for number in range(1, 6))


@dataclass(frozen=True)
class Handout:
    """The endpoint, the files and the names.

    Args:
        fleet: The deployed fleet.
        trust_store: The file of the CA that signs the emulator's certificate.
        certificate: The file of the claim certificate.
        private_key: The file of its key.
        client_ids: Patterns of the client ids that the claim may connect with.
        serial_numbers: What is on the allow list, each for one device.
    """

    fleet: Fleet
    trust_store: Path
    certificate: Path
    private_key: Path
    client_ids: Sequence[str]
    serial_numbers: Sequence[str] = SERIAL_NUMBERS

    @classmethod
    def written(cls, fleet: Fleet, folder: Path) -> Self:
        """Write the files, for their owner only, and put the serial numbers on the list."""
        for serial_number in SERIAL_NUMBERS:
            fleet.allow(serial_number)
        return cls(
            fleet,
            _written(folder / "ca.pem", fleet.broker.trust_store.decode()),
            _written(folder / "claim.pem.crt", fleet.claim.certificate_pem),
            _written(folder / "claim.private.pem.key", fleet.claim.private_key),
            fleet.claim_client_ids(),
        )

    def lines(self) -> Iterator[str]:
        """What is shown, made to be copied."""
        broker = self.fleet.broker
        facts = {
            "endpoint": broker.host,
            "port": str(broker.port),
            "CA": str(self.trust_store),
            "claim": str(self.certificate),
            "private key": str(self.private_key),
            "template": self.fleet.template_name,
            "parameter": "SerialNumber",
            "serial numbers": f"{' '.join(self.serial_numbers)}: on the allow list, each for one device",
            "client id": " or ".join(self.client_ids),
            "AWS APIs": self.fleet.emulator.url,
        }
        yield from (f"  {name:<15} {value}" for name, value in facts.items())
        yield ""
        yield f"The samples of AWS's SDKs connect to port {PORT_OF_SAMPLES}" + (
            ":" if broker.port == PORT_OF_SAMPLES else f", not {broker.port}: try them without MQTT_PORT"
        )
        for title, commands in self._commands().items():
            yield from ("", f"{title}:", *(f"  {command}" for command in commands))

    def _commands(self) -> dict[str, list[str]]:
        """The samples have no option for a CA, but trust this one instead of the system's."""
        trusting = f"SSL_CERT_FILE={shlex.quote(str(self.trust_store))}"
        one, two, three, four, *_ = self.serial_numbers
        python = f"{trusting} python3 fleet_provisioning"
        own_id = shlex.join(["--client_id", self.client_ids[0].replace("*", "sample")])
        return {
            "AWS IoT Device SDK for Python, in samples/service_clients, after pip install awsiotsdk": [
                f"{python}_basic.py {self._arguments(one)}",
                f"{self._csr(two)} && {python}_csr.py {self._arguments(two)} {self._csr_option(two)}",
            ],
            "AWS IoT Device SDK for JavaScript, in samples/node/service_clients/fleet_provisioning, after"
            " PUPPETEER_SKIP_DOWNLOAD=1 npm install at the root of its repository": [
                f"npm install --prefix basic && {trusting} node basic/dist/index.js {own_id}"
                f" {self._arguments(three)}",
                f"{self._csr(four)} && npm install --prefix csr && {trusting} node csr/dist/index.js {own_id}"
                f" {self._arguments(four)} {self._csr_option(four)}",
            ],
        }

    def _csr(self, serial_number: str) -> str:
        """What makes a key and a CSR: they are gone with the folder when the demo ends."""
        key, csr = (self.private_key.with_name(f"{serial_number}.{kind}") for kind in ("key", "csr"))
        made = ["-keyout", str(key), "-out", str(csr)]
        return shlex.join(
            ["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=device", *made]
        )

    def _csr_option(self, serial_number: str) -> str:
        return shlex.join(["--csr_file", str(self.private_key.with_name(f"{serial_number}.csr"))])

    def _arguments(self, serial_number: str) -> str:
        arguments: Mapping[str, str] = {
            "--endpoint": self.fleet.broker.host,
            "--cert": str(self.certificate),
            "--key": str(self.private_key),
            "--template_name": self.fleet.template_name,
            "--template_parameters": json.dumps({"SerialNumber": serial_number}),
        }
        return shlex.join(chain.from_iterable(arguments.items()))


def _written(file: Path, content: str) -> Path:
    file.touch(0o600)
    file.write_text(content)
    return file
