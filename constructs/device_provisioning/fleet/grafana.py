"""The dashboard of a fleet, as Grafana reads it: the panels are those of CloudWatch."""

from typing import Any

from ..aws_iot.statements import Document
from .alarms import PERIOD_SECONDS
from .hook_settings import METRICS_NAMESPACE
from .panels import (
    DIMENSIONS,
    FUNCTION_NAME,
    LAMBDA,
    TEMPLATE_NAME,
    Difference,
    Listing,
    Panel,
    Placed,
    Series,
    placed_panels,
)

DATA_SOURCE = {"type": "cloudwatch", "uid": "${datasource}"}
VARIABLES = {TEMPLATE_NAME: "template", FUNCTION_NAME: "function"}
SCHEMA_VERSION = 39
"""Of Grafana 11: newer ones convert it."""
_VALUES = {**DIMENSIONS, **{name: f"${variable}" for name, variable in VARIABLES.items()}}


def grafana_dashboard() -> Document:
    """A dashboard to import; whoever looks at it chooses data source, Region, template, function and log.

    https://grafana.com/docs/grafana/latest/datasources/aws-cloudwatch/
    """
    return {
        "title": "Device provisioning",
        "uid": "device-provisioning",
        "tags": ["aws-iot"],
        "schemaVersion": SCHEMA_VERSION,
        "editable": True,
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": _variables()},
        "panels": [_panel(number, placed) for number, placed in enumerate(placed_panels(), start=1)],
    }


def _variables() -> list[Document]:
    return [
        {"name": "datasource", "label": "Data source", "type": "datasource", "query": "cloudwatch"},
        _variable("region", "Region", {"queryType": "regions"}),
        _variable("template", "Template", _values_of(TEMPLATE_NAME, METRICS_NAMESPACE, "Allowed")),
        _variable("function", "Hook", _values_of(FUNCTION_NAME, LAMBDA, "Invocations")),
        _variable("log", "Log of the hook", {"queryType": "logGroups", "region": "$region"}),
    ]


def _values_of(dimension: str, namespace: str, metric_name: str) -> Document:
    return {
        "queryType": "dimensionValues",
        "region": "$region",
        "namespace": namespace,
        "metricName": metric_name,
        "dimensionKey": dimension,
        "dimensionFilters": {},
    }


def _variable(name: str, label: str, query: Document) -> Document:
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": DATA_SOURCE,
        "query": {"refId": name, **query},
        "refresh": 1,
        "sort": 1,
    }


def _panel(number: int, placed: Placed) -> Document:
    grid = {"x": placed.x, "y": placed.y, "w": placed.width, "h": placed.height}
    shown = {"id": number, "title": placed.panel.title, "datasource": DATA_SOURCE, "gridPos": grid}
    if isinstance(placed.panel, Listing):
        return {**shown, "type": "table", "targets": [_logs(placed.panel)]}
    return {
        **shown,
        "type": "timeseries",
        "fieldConfig": {"defaults": {"min": 0, **_limit(placed.panel)}, "overrides": []},
        "targets": _targets(placed.panel),
    }


def _limit(panel: Panel) -> Document:
    if not panel.limit:
        return {}
    steps = [{"color": "green", "value": None}, {"color": "red", "value": panel.limit[0]}]
    return {
        "thresholds": {"mode": "absolute", "steps": steps},
        "custom": {"thresholdsStyle": {"mode": "line"}},
    }


def _targets(panel: Panel) -> list[Document]:
    lines: list[Document] = []
    for line in panel.lines:
        if isinstance(line, Series):
            lines.append(_query(line))
        else:
            lines += _parts(line)
    return [{"refId": chr(ord("A") + index), **line} for index, line in enumerate(lines)]


def _parts(line: Difference) -> list[Document]:
    expression = {"expression": "whole - rest", "label": line.label, "id": "part", "metricEditorMode": 1}
    return [
        {**_metric_query(), **expression},
        {**_query(line.whole), "id": "whole", "hide": True},
        {**_query(line.rest), "id": "rest", "hide": True},
    ]


def _query(series: Series) -> Document:
    dimensions = {series.dimension: _VALUES[series.dimension]} if series.dimension else {}
    return {
        **_metric_query(),
        "metricEditorMode": 0,
        "namespace": series.namespace,
        "metricName": series.metric_name,
        "statistic": series.statistic,
        "dimensions": dimensions,
        "matchExact": True,
        "label": series.label,
    }


def _metric_query() -> Document:
    return {
        "datasource": DATA_SOURCE,
        "queryMode": "Metrics",
        "metricQueryType": 0,
        "region": "$region",
        "period": str(PERIOD_SECONDS),
        "id": "",
        "hide": False,
    }


def _logs(listing: Listing) -> dict[str, Any]:
    return {
        "refId": "A",
        "datasource": DATA_SOURCE,
        "queryMode": "Logs",
        "id": "",
        "region": "$region",
        "expression": listing.query,
        "logGroups": [{"arn": "$log", "name": "$log"}],
        "statsGroups": [],
    }
