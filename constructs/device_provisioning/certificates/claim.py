"""The claim of a trusted user.

https://docs.aws.amazon.com/iot/latest/developerguide/provision-wo-cert.html
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..console.aws_calls import AwsCalls
from ..console.new_files import require_new, write_all_new
from ..console.output_files import SECRET


@dataclass(frozen=True)
class Claim:
    """A claim that was written.

    Args:
        certificate: The file of the certificate.
        key: The file of the key.
        expiration: Until when it is valid, in UTC.
    """

    certificate: Path
    key: Path
    expiration: datetime

    def time_left(self, now: datetime | None = None) -> str:
        """Minutes and seconds until it is not valid any more.

        Example:
            >>> made = datetime(2026, 1, 1, 12, tzinfo=UTC)
            >>> Claim(Path("claim.pem"), Path("claim.key"), made.replace(minute=5)).time_left(made)
            '5:00'
        """
        seconds = max(0, round((self.expiration - (now or datetime.now(UTC))).total_seconds()))
        return f"{seconds // 60}:{seconds % 60:02}"


def fetch_claim(template: str, out: Path) -> Claim:
    """Fetch a claim, unless its files are there already.

    Raises:
        UnreadableError: If a file is there or can't be written, or if AWS refuses.
    """
    certificate, key = out / "claim.pem", out / "claim.key"
    require_new([certificate, key])
    answer = AwsCalls(template).call("create_provisioning_claim", templateName=template)
    pem, private_key = answer["certificatePem"], answer["keyPair"]["PrivateKey"]
    write_all_new({key: private_key.encode(), certificate: pem.encode()}, SECRET)
    return Claim(certificate, key, answer["expiration"].astimezone(UTC))
