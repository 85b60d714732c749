"""The dashboard of a fleet, as CloudWatch reads it."""

from collections.abc import Mapping
from typing import Any

from ..aws_iot.limits import TextLimit
from ..aws_iot.statements import Document
from ..aws_iot.unresolved import is_unresolved
from .alarms import PERIOD_SECONDS
from .panels import (
    DIMENSIONS,
    FUNCTION_NAME,
    TEMPLATE_NAME,
    Difference,
    Listing,
    Panel,
    Placed,
    Series,
    placed_panels,
)

DASHBOARD_NAME = TextLimit("0-9A-Za-z_-", 255)
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html"""


def require_dashboard_name(dashboard_name: Any) -> None:
    """Refuse the name of a dashboard that CloudWatch does not accept.

    Args:
        dashboard_name: The name; none and one that an engine knows later are not checked.

    Raises:
        ValueError: With what is wrong with it.
    """
    if dashboard_name is None or is_unresolved(dashboard_name):
        return
    if problem := DASHBOARD_NAME.problem(dashboard_name):
        raise ValueError(f"dashboard_name {dashboard_name!r} {problem}")


def dashboard_body(
    *,
    region: str,
    template_name: str,
    function_name: str | None = None,
    log_group_name: str | None = None,
) -> Document:
    """The body of a dashboard.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

    Args:
        region: Where the metrics are.
        template_name: The template.
        function_name: The function of its hook; by default it has none.
        log_group_name: The log of the hook; with ``function_name`` only.
    """
    known = {**DIMENSIONS, TEMPLATE_NAME: template_name, FUNCTION_NAME: function_name}
    return {
        "widgets": [
            _widget(placed, region, known, log_group_name)
            for placed in placed_panels(with_hook=function_name is not None)
        ]
    }


def _widget(placed: Placed, region: str, known: Mapping[str, Any], log_group_name: str | None) -> Document:
    place = {"x": placed.x, "y": placed.y, "width": placed.width, "height": placed.height}
    if isinstance(placed.panel, Listing):
        query = f"SOURCE '{log_group_name}' | {placed.panel.query}"
        shown = {"view": "table", "query": query}
        return {
            "type": "log",
            **place,
            "properties": {"title": placed.panel.title, "region": region, **shown},
        }
    return {"type": "metric", **place, "properties": _graph(placed.panel, region, known)}


def _graph(panel: Panel, region: str, known: Mapping[str, Any]) -> Document:
    limit = (
        {"annotations": {"horizontal": [{"value": panel.limit[0], "label": panel.limit[1]}]}}
        if panel.limit
        else {}
    )
    return {
        "title": panel.title,
        "region": region,
        "view": "timeSeries",
        "period": PERIOD_SECONDS,
        "metrics": [metric for line in panel.lines for metric in _metrics(line, known)],
        "yAxis": {"left": {"min": 0, "showUnits": False}},
        **limit,
    }


def _metrics(line: Series | Difference, known: Mapping[str, Any]) -> list[list[Any]]:
    if isinstance(line, Series):
        return [_metric(line, known, {})]
    return [
        [{"expression": "whole - rest", "label": line.label, "id": "part"}],
        _metric(line.whole, known, {"id": "whole", "visible": False}),
        _metric(line.rest, known, {"id": "rest", "visible": False}),
    ]


def _metric(series: Series, known: Mapping[str, Any], more: Mapping[str, Any]) -> list[Any]:
    dimension = [series.dimension, known[series.dimension]] if series.dimension else []
    shown = {"stat": series.statistic, "label": series.label, **more}
    return [series.namespace, series.metric_name, *dimension, shown]
