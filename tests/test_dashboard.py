"""What dashboards of a fleet show, in CloudWatch and in Grafana."""

import json
import re

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app
from device_provisioning.fleet.dashboard import dashboard_body, require_dashboard_name
from device_provisioning.fleet.grafana import grafana_dashboard
from device_provisioning.fleet.hook_settings import METRICS_NAMESPACE
from device_provisioning.fleet.panels import AWS_IOT, COLUMNS
from device_provisioning.lambdas.pre_provisioning_hook.decision import Decision
from device_provisioning.lambdas.pre_provisioning_hook.log import decision_line
from device_provisioning.lambdas.pre_provisioning_hook.reasons import Reason

BODY = dashboard_body(
    region="eu-west-1", template_name="sensors", function_name="hook", log_group_name="/log/of/the/hook"
)
GRAFANA = grafana_dashboard()


def metrics(widget):
    return widget["properties"].get("metrics", [])


def titled(title, body=BODY):
    (widget,) = (each for each in body["widgets"] if each["properties"]["title"] == title)
    return widget


def test_the_decisions_of_a_fleet_are_those_of_its_template():
    shown = [
        (namespace, name, of, value)
        for namespace, name, of, value, _ in metrics(titled("Decisions of the hook"))
    ]
    assert shown == [
        ("DeviceProvisioning", name, "TemplateName", "sensors")
        for name in ("Allowed", "Denied", "DeniedAsProvisioned")
    ]


def test_registrations_are_all_requests_less_those_that_failed():
    expression, whole, rest, failed = metrics(titled("Registrations"))
    assert expression == [{"expression": "whole - rest", "label": "registered", "id": "part"}]
    assert (
        whole[:4] == rest[:4] == failed[:4] == ["AWS/IoT", "RegisterThingFailed", "TemplateName", "sensors"]
    )
    assert (whole[4]["id"], whole[4]["stat"], whole[4]["visible"]) == ("whole", "SampleCount", False)
    assert (rest[4]["id"], rest[4]["stat"], rest[4]["visible"]) == ("rest", "Sum", False)
    assert failed[4] == {"stat": "Sum", "label": "failed"}


def test_reasons_are_asked_of_the_log_of_the_hook():
    queries = [widget["properties"]["query"] for widget in BODY["widgets"] if widget["type"] == "log"]
    assert len(queries) == 2
    assert all(query.startswith("SOURCE '/log/of/the/hook' | ") for query in queries)


def test_what_is_asked_of_the_log_is_what_the_hook_writes():
    line = json.loads(decision_line({}, "A-1", Decision(False, Reason.BLOCKED), METRICS_NAMESPACE))
    queries = " ".join(widget["properties"]["query"] for widget in BODY["widgets"] if widget["type"] == "log")
    asked = re.findall(r"(?:fields @timestamp, |by |filter )([\w, ]+?)(?: =| \|)", queries)
    fields = {field for fields in asked for field in fields.split(", ")}
    assert fields == {"serial_number", "reason", "claim_certificate_id", "client_id", "decision"}
    assert fields <= line.keys()
    assert line["decision"] == "denied"


def test_what_the_hook_counts_is_what_is_shown():
    line = json.loads(decision_line({}, "A-1", Decision(False, Reason.PROVISIONED), METRICS_NAMESPACE))
    (written,) = line["_aws"]["CloudWatchMetrics"]
    counted = {each["Name"] for each in written["Metrics"]}
    assert {name for _, name, *_ in metrics(titled("Decisions of the hook"))} == counted
    assert written["Dimensions"] == [["TemplateName"]]


def test_the_duration_has_the_line_at_which_aws_iot_denies():
    duration = titled("Duration of the hook, milliseconds")["properties"]
    assert [each["value"] for each in duration["annotations"]["horizontal"]] == [5000]
    assert {each[-1]["stat"] for each in duration["metrics"]} == {"Maximum", "p50"}


def test_a_template_without_a_hook_has_no_panels_of_one():
    body = dashboard_body(region="eu-west-1", template_name="sensors")
    assert {each["type"] for each in body["widgets"]} == {"metric"}
    namespaces = {metric[0] for widget in body["widgets"] for metric in metrics(widget) if len(metric) > 1}
    assert namespaces == {AWS_IOT}


def test_every_widget_says_where_its_metrics_are():
    assert {widget["properties"]["region"] for widget in BODY["widgets"]} == {"eu-west-1"}


def cells(place, width, height):
    return {(place["x"] + x, place["y"] + y) for x in range(place[width]) for y in range(place[height])}


@pytest.mark.parametrize("body", [BODY, dashboard_body(region="eu-west-1", template_name="sensors")])
def test_no_widget_covers_another(body):
    covered = [cell for widget in body["widgets"] for cell in cells(widget, "width", "height")]
    assert len(covered) == len(set(covered))
    assert max(x for x, _ in covered) < COLUMNS


def test_a_name_that_cloudwatch_does_not_accept_is_refused():
    with pytest.raises(ValueError, match="dashboard_name 'plant 7' has characters other than 0-9A-Za-z_-"):
        require_dashboard_name("plant 7")
    require_dashboard_name(None)
    require_dashboard_name("plant-7")


def targets(panel):
    return panel["targets"]


def test_grafana_shows_the_same_panels_in_the_same_places():
    assert [
        (panel["title"], *(panel["gridPos"][each] for each in "xywh")) for panel in GRAFANA["panels"]
    ] == [
        (widget["properties"]["title"], *(widget[each] for each in ("x", "y", "width", "height")))
        for widget in BODY["widgets"]
    ]


def in_cloudwatch(widget):
    return {(each[0], each[1], each[-1]["stat"]) for each in metrics(widget) if len(each) > 1}


def in_grafana(panel):
    asked = [each for each in targets(panel) if "metricName" in each]
    return {(each["namespace"], each["metricName"], each["statistic"]) for each in asked}


def test_grafana_asks_for_the_same_metrics():
    assert list(map(in_grafana, GRAFANA["panels"])) == list(map(in_cloudwatch, BODY["widgets"]))


def test_grafana_asks_the_log_the_same():
    tables = [panel for panel in GRAFANA["panels"] if panel["type"] == "table"]
    asked = [
        widget["properties"]["query"].partition(" | ")[2]
        for widget in BODY["widgets"]
        if widget["type"] == "log"
    ]
    assert [targets(panel)[0]["expression"] for panel in tables] == asked


def test_a_dashboard_of_grafana_is_whole():
    assert [panel["id"] for panel in GRAFANA["panels"]] == list(range(1, len(GRAFANA["panels"]) + 1))
    for panel in GRAFANA["panels"]:
        letters = [target["refId"] for target in targets(panel)]
        assert letters == sorted(set(letters))
        named = [target["id"] for target in targets(panel) if target["id"]]
        assert len(named) == len(set(named))


def test_every_variable_of_grafana_is_used_and_every_one_that_is_used_is_there():
    variables = {each["name"] for each in GRAFANA["templating"]["list"]}
    used = set(re.findall(r"\$\{?(\w+)\}?", json.dumps(GRAFANA)))
    assert used == variables


def test_the_command_writes_it():
    written = CliRunner().invoke(app, ["grafana"])
    assert json.loads(written.stdout) == GRAFANA
