"""What a run costs at most: an estimate from above, from a dated table, to be checked where it matters."""

from dataclasses import dataclass
from decimal import Decimal

AS_OF = "2025-11"
REGION = "us-east-1"


@dataclass(frozen=True)
class Price:
    """A price, as noted by hand from AWS's page.

    Args:
        unit: What it is for.
        dollars: US dollars for one.
        number: How many are counted: far more than a run needs.
        service: The part of AWS's address that its page has.
    """

    unit: str
    dollars: Decimal
    number: int
    service: str

    @property
    def page(self) -> str:
        """AWS's page."""
        return f"https://aws.amazon.com/{self.service}/pricing/"


PRICES = (
    Price("a secret for a month", Decimal("0.40"), 1, "secrets-manager"),
    Price("10,000 calls of Secrets Manager", Decimal("0.05"), 1, "secrets-manager"),
    Price("a metric for a month", Decimal("0.30"), 6, "cloudwatch"),
    Price("a gigabyte of logs", Decimal("0.50"), 1, "cloudwatch"),
    Price("a million messages of AWS IoT", Decimal("1.00"), 1, "iot-core"),
    Price("a million operations of AWS IoT's registry", Decimal("1.25"), 1, "iot-core"),
    Price("a million requests of Lambda", Decimal("0.20"), 1, "lambda"),
    Price("a million writes of DynamoDB", Decimal("0.63"), 1, "dynamodb"),
    Price("1,000 uploads to S3", Decimal("0.01"), 1, "s3"),
)
"""What AWS bills by the hour counts as a whole month; of what it bills by number a run needs some hundred."""
PAGES = tuple(dict.fromkeys(price.page for price in PRICES))
"""AWS's pages, which have today's prices."""


def most_dollars() -> Decimal:
    """What a run costs at most, in US dollars."""
    return sum((price.dollars * price.number for price in PRICES), Decimal())
