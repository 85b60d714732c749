"""What a dashboard of a fleet shows, for CloudWatch and for Grafana: one definition."""

from dataclasses import dataclass

from ..aws_iot.limits import HOOK_TIMEOUT_SECONDS
from .hook_settings import METRICS_NAMESPACE

AWS_IOT = "AWS/IoT"
LAMBDA = "AWS/Lambda"
TEMPLATE_NAME = "TemplateName"
FUNCTION_NAME = "FunctionName"
PROTOCOL = "Protocol"
DIMENSIONS = {PROTOCOL: "MQTT"}
"""Values of dimensions that are the same for every fleet."""


@dataclass(frozen=True)
class Series:
    """A line of a panel.

    Args:
        label: What it is called.
        namespace: Where its metric is.
        metric_name: The metric.
        statistic: How a period of it is summed up.
        dimension: Its dimension; none for metrics of the whole account and Region.
    """

    label: str
    namespace: str
    metric_name: str
    statistic: str = "Sum"
    dimension: str | None = None


@dataclass(frozen=True)
class Difference:
    """A line of a panel: one series less another, and of the two only that other is shown.

    Args:
        label: What it is called.
        whole: The series that it is a part of.
        rest: What is left of that.
    """

    label: str
    whole: Series
    rest: Series


@dataclass(frozen=True)
class Panel:
    """Lines over time.

    Args:
        title: What the panel is about.
        lines: The lines.
        limit: A value that a line must not reach, with what it means; none by default.
    """

    title: str
    lines: tuple[Series | Difference, ...]
    limit: tuple[float, str] | None = None


@dataclass(frozen=True)
class Listing:
    """A table of what a query of CloudWatch Logs Insights finds in the hook's log.

    Args:
        title: What the table is about.
        query: The query.
    """

    title: str
    query: str


def _hook(label: str, metric_name: str, statistic: str = "Sum") -> Series:
    return Series(label, LAMBDA, metric_name, statistic, FUNCTION_NAME)


def _decided(label: str, metric_name: str) -> Series:
    return Series(label, METRICS_NAMESPACE, metric_name, dimension=TEMPLATE_NAME)


def _asked_and_failed(what: str, metric_name: str, dimension: str | None = None) -> tuple[Difference, Series]:
    """AWS IoT counts failures only, as one or nothing for each request."""
    failed = Series("failed", AWS_IOT, metric_name, dimension=dimension)
    asked = Series("asked", AWS_IOT, metric_name, "SampleCount", dimension)
    return Difference(what, asked, failed), failed


OF_TEMPLATE = (
    Panel("Registrations", _asked_and_failed("registered", "RegisterThingFailed", TEMPLATE_NAME)),
    Panel(
        "Certificates made by AWS IoT, whole account",
        _asked_and_failed("made", "CreateKeysAndCertificateFailed"),
    ),
    Panel(
        "Certificates made of CSRs, whole account",
        _asked_and_failed("made", "CreateCertificateFromCsrFailed"),
    ),
    Panel(
        "Connections over MQTT, whole account",
        (
            Series("connected", AWS_IOT, "Connect.Success", dimension=PROTOCOL),
            Series("not allowed", AWS_IOT, "Connect.AuthError", dimension=PROTOCOL),
            Series("throttled", AWS_IOT, "Connect.Throttle", dimension=PROTOCOL),
        ),
    ),
)
"""https://docs.aws.amazon.com/iot/latest/developerguide/metrics_dimensions.html"""

OF_HOOK = (
    Panel(
        "Decisions of the hook",
        (
            _decided("allowed", "Allowed"),
            _decided("denied", "Denied"),
            _decided("denied, already provisioned", "DeniedAsProvisioned"),
        ),
    ),
    Panel("Failures of the hook", (_hook("errors", "Errors"), _hook("throttled", "Throttles"))),
    Panel(
        "Duration of the hook, milliseconds",
        (_hook("longest", "Duration", "Maximum"), _hook("median", "Duration", "p50")),
        (HOOK_TIMEOUT_SECONDS * 1000, "AWS IoT denies the device"),
    ),
)

OF_LOG = (
    Listing(
        "Reasons of denials",
        'filter decision = "denied" | stats count(*) as devices by reason | sort devices desc',
    ),
    Listing(
        "Devices that were denied last",
        "fields @timestamp, serial_number, reason, claim_certificate_id, client_id"
        ' | filter decision = "denied" | sort @timestamp desc | limit 100',
    ),
)
"""Of the lines that the hook of this library writes."""

COLUMNS = 24
WIDTH = COLUMNS // 2
HEIGHT = 6
LISTING_HEIGHT = 8


@dataclass(frozen=True)
class Placed:
    """A panel with its place in a grid of 24 columns, which CloudWatch and Grafana both have.

    Args:
        panel: The panel.
        x: Its first column.
        y: Its first row.
        width: Its columns.
        height: Its rows.
    """

    panel: Panel | Listing
    x: int
    y: int
    width: int
    height: int


def placed_panels(*, with_hook: bool = True) -> list[Placed]:
    """The panels, two in a row, and below them the tables.

    Args:
        with_hook: Whether the template has a hook; yes by default.
    """
    panels = (*OF_HOOK[:1], *OF_TEMPLATE, *OF_HOOK[1:]) if with_hook else OF_TEMPLATE
    placed: list[Placed] = [
        Placed(panel, index % 2 * WIDTH, index // 2 * HEIGHT, WIDTH, HEIGHT)
        for index, panel in enumerate(panels)
    ]
    below = -(-len(panels) // 2) * HEIGHT
    if with_hook:
        for index, listing in enumerate(OF_LOG):
            placed.append(Placed(listing, 0, below + index * LISTING_HEIGHT, COLUMNS, LISTING_HEIGHT))
    return placed
