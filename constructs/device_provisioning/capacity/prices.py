"""Prices of AWS that a fleet meets: from a dated table, to be checked where it matters."""

from dataclasses import dataclass
from decimal import Decimal

REGION = "us-east-1"


@dataclass(frozen=True)
class Price:
    """A price, as noted by hand from AWS's page.

    Args:
        counted: What is counted.
        number: How many of them the price is for.
        dollars: US dollars.
        service: The part of AWS's address that its page has.
        as_of: When it was noted.
    """

    counted: str
    number: int
    dollars: Decimal
    service: str
    as_of: str = "2025-11"

    @property
    def unit(self) -> str:
        """What the price is for."""
        return f"{self.number:,} {self.counted}"

    @property
    def page(self) -> str:
        """AWS's page."""
        return f"https://aws.amazon.com/{self.service}/pricing/"


_MILLION = 1_000_000

SECRET = Price("month of a secret", 1, Decimal("0.40"), "secrets-manager")
SECRET_CALLS = Price("calls of Secrets Manager", 10_000, Decimal("0.05"), "secrets-manager")
METRIC = Price("month of a metric", 1, Decimal("0.30"), "cloudwatch")
LOGS = Price("kilobytes of logs", _MILLION, Decimal("0.50"), "cloudwatch")
CONNECTION = Price("minutes of connection", _MILLION, Decimal("0.08"), "iot-core", "2026-09")
MESSAGES = Price("messages of AWS IoT", _MILLION, Decimal("1.00"), "iot-core", "2026-09")
REGISTRY = Price("operations of AWS IoT's registry", _MILLION, Decimal("1.25"), "iot-core", "2026-09")
BULK = Price("things of bulk registration", 1_000, Decimal("0.10"), "iot-device-management", "2026-09")
INVOCATIONS = Price("requests of Lambda", _MILLION, Decimal("0.20"), "lambda")
COMPUTE = Price("gigabyte-seconds of Lambda", _MILLION, Decimal("16.67"), "lambda")
WRITES = Price("writes of DynamoDB", _MILLION, Decimal("0.63"), "dynamodb")
UPLOADS = Price("uploads to S3", 1_000, Decimal("0.01"), "s3")

PRICES = (
    SECRET,
    SECRET_CALLS,
    METRIC,
    LOGS,
    CONNECTION,
    MESSAGES,
    REGISTRY,
    BULK,
    INVOCATIONS,
    COMPUTE,
    WRITES,
    UPLOADS,
)
AS_OF = min(price.as_of for price in PRICES)
"""The oldest of them."""
