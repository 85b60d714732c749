"""What a run costs at most, from a dated table."""

from decimal import Decimal

AS_OF = "2025-11"
REGION = "us-east-1"
PAGE = "https://aws.amazon.com/pricing/"
PRICES = {
    "a secret for a month": (Decimal("0.40"), 1),
    "an alarm for a month": (Decimal("0.10"), 8),
    "a metric for a month": (Decimal("0.30"), 6),
    "10,000 calls of Secrets Manager": (Decimal("0.05"), 1),
    "a million messages of AWS IoT": (Decimal("1.00"), 1),
    "a million operations of AWS IoT's registry": (Decimal("1.25"), 1),
    "a million requests of Lambda": (Decimal("0.20"), 1),
    "a million writes of DynamoDB": (Decimal("0.63"), 1),
    "1,000 uploads to S3": (Decimal("0.01"), 1),
    "a gigabyte of logs": (Decimal("0.50"), 1),
}
"""US dollars, and how many of each are counted: far more than a run needs.

What AWS bills by the hour counts as a whole month; of what it bills by number, a run needs a few hundred.
"""


def most_dollars() -> Decimal:
    """What a run costs at most, in US dollars."""
    return sum((price * number for price, number in PRICES.values()), Decimal())
